import { FEATURE_VERSION } from '../../../src/features/index.js'
import { randomStream } from '../../../src/sampling/random.js'
import { samplerSignatures } from '../../collect/grid.js'
import { syntheticSurfaces } from '../../fit/testing/synthetic.js'
import { type RunSettings, resumeStore } from '../../store/index.js'
import type { Grid, PromptSurface, RolloutResult } from '../../types.js'

const grid: Grid = { t0: [0.5, 1, 1.6], theta: [0, 1, 4] }
const truncation = { topP: 0.95 }

export interface SyntheticRunOptions {
  /** How many of the five tasks. @default 2 */
  tasks?: number
  /** Prompts of each split and task. */
  prompts?: { train: number; validation: number; test: number }
  seed?: number
}

/**
 * Writes a store as `edt collect --study-prompts` would, with surfaces whose features tell of them (see fit/testing/synthetic.ts), in three feature
 * groups: `prompt` and `text` tell, `prefill` does not. Texts of samples are random words; a sample's quality is that of its cell.
 */
export async function syntheticRun(path: string, options: SyntheticRunOptions = {}): Promise<RunSettings> {
  const { tasks = 2, prompts = { train: 40, validation: 16, test: 24 }, seed = 5 } = options
  const { noisy } = syntheticSurfaces({ seed, tasks, prompts, grid, nuisance: 4 })
  const settings: RunSettings = {
    model: { id: 'synthetic', vocabularySize: 16, vocabularyHash: '0123456789abcdef', dtype: 'fp32' },
    tasks: Object.keys(noisy.signatures).map((name) => ({
      ...{ name, metric: 'rougeL', tokenize: '13a', maxNewTokens: 8, stop: ['\n'] },
    })) as RunSettings['tasks'],
    grid: { t0: [...grid.t0], theta: [...grid.theta] },
    samples: 3,
    selfBleuGroup: 3,
    seed,
    truncation,
    maxRows: 64,
    featureVersion: FEATURE_VERSION,
    samplers: samplerSignatures(grid, truncation),
  }
  const store = await resumeStore(path, settings, {})
  try {
    await store.plan(
      noisy.surfaces.map(({ promptId, task, split }) => ({
        ...{ promptId, task, split, id: promptId, prompt: promptId, references: ['reference'] },
      })),
    )
    for (const surface of noisy.surfaces) await store.writeRollouts(resultOf(surface, settings.samples))
  } finally {
    await store.close()
  }
  return settings
}

function resultOf({ promptId, task, features, quality, selfBleu }: PromptSurface, samples: number): RolloutResult {
  const groups = ['prompt', 'text', 'prefill']
  const { next } = randomStream(1, promptId)
  return {
    promptId,
    promptTokenCount: 5,
    features: {
      version: FEATURE_VERSION,
      names: Array.from(features, (_, i) => `${i >= 10 ? 'prefill' : groups[i % 2]}.synthetic_${i}`),
      values: features,
    },
    rollouts: Array.from(quality, (ofCell, cell) => ({
      quality: ofCell,
      selfBleu: selfBleu[cell],
      selfBleuGroups: [selfBleu[cell]],
      samples: Array.from({ length: samples }, () => ({
        text: Array.from({ length: 6 }, () => 'abcde'[Math.floor(5 * next())]).join(' '),
        tokenCount: 6,
        stopReason: 'length',
        meanEntropy: 1,
        meanTemperature: 1,
        quality: ofCell,
      })),
    })),
    qualitySignature: `quality of ${task}`,
    selfBleuSignature: 'n:3',
  }
}
