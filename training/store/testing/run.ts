import type { RolloutResult } from '../../types.js'
import { type PlannedPrompt, promptKey } from '../plan.js'
import type { RunSettings } from '../settings.js'

/** A run of two tasks on a grid of 2 × 2 cells with two samples a cell. */
export function exampleSettings(changes: Partial<RunSettings> = {}): RunSettings {
  return {
    model: { id: 'tiny', vocabularySize: 16, vocabularyHash: '0123456789abcdef', dtype: 'fp32' },
    tasks: [
      { name: 'answer', metric: 'rougeL', tokenize: '13a', maxNewTokens: 8, stop: ['\n'] },
      { name: 'translate', metric: 'bleu', tokenize: '13a', maxNewTokens: 8, stop: ['\n'] },
    ],
    grid: { t0: [0.5, 1], theta: [0, 2] },
    samples: 2,
    selfBleuGroup: 2,
    seed: 7,
    truncation: { topP: 0.95 },
    maxRows: 64,
    featureVersion: 1,
    samplers: ['a', 'b', 'c', 'd'],
    ...changes,
  }
}

export function examplePrompts(task: string, count: number, split: 'train' | 'validation' = 'train'): PlannedPrompt[] {
  return Array.from({ length: count }, (_, i) => ({
    promptId: promptKey(task, split, `id-${i}`),
    task,
    split,
    id: `id-${i}`,
    prompt: `${task} prompt ${i}`,
    references: [`reference ${i}`, 'another “one”'],
  }))
}

/** A whole result whose numbers are told by the prompt's key alone, so that every test knows what must come back. */
export function exampleResult(
  promptId: string,
  text = (cell: number, sample: number) => `${cell} ${sample}`,
): RolloutResult {
  const base = [...promptId].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 997, 7)
  return {
    promptId,
    promptTokenCount: 5 + (base % 10),
    features: { version: 1, names: ['length', 'entropy'], values: Float32Array.of(base, Math.fround(base / 3)) },
    rollouts: Array.from({ length: 4 }, (_, cell) => ({
      quality: base / 10 + cell,
      selfBleu: 100 - base / 10 - cell / 3,
      selfBleuGroups: [100 - base / 10 - cell / 3],
      samples: Array.from({ length: 2 }, (_, sample) => ({
        text: text(cell, sample),
        tokenCount: 3 + sample,
        stopReason: 'length',
        meanEntropy: base / 7,
        meanTemperature: 0.1 + 0.2 * cell,
        quality: base / 10 + cell + sample - 0.5,
      })),
    })),
    qualitySignature: `quality of ${promptId.split('/')[0]}`,
    selfBleuSignature: 'n:2',
  }
}
