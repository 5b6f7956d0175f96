import type { RolloutJob, RolloutSpec } from '../../types.js'

export function edtRollout(t0: number, theta: number, samples = 4): RolloutSpec {
  return { strategy: { name: 'edt', t0, theta }, truncation: { topP: 0.95 }, samples }
}

export function exampleJob(changes: Partial<RolloutJob> = {}): RolloutJob {
  return {
    promptId: 'answer/train/1',
    prompt: 'the old cat sleeps and',
    promptWithoutSource: 'the',
    references: ['the red dog runs', 'then the cat sleeps'],
    metric: 'rougeL',
    tokenize: '13a',
    maxNewTokens: 8,
    stop: ['\n'],
    rollouts: [edtRollout(1, 0)],
    seed: 3,
    streamKeys: ['answer', '1'],
    selfBleuGroup: 2,
    wantFeatures: false,
    ...changes,
  }
}
