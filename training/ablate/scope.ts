import {
  type BootstrapOptions,
  edaDifference,
  type Interval,
  observedScores,
  type PairedScores,
  percentileInterval,
  type ResampledScores,
  resampleScores,
} from './bootstrap.js'
import type { Scores, TaskReference } from './types.js'

/** Strategies of which every other one's EDA is compared with. */
export const BASELINES = ['best-fixed-edt', 'best-fixed-edt-per-task'] as const

/** Corpus scores of several strategies on one set of prompts, with everything that was resampled to find their intervals. */
export interface ScopeScores {
  scores: Record<string, Scores>
  observed: Record<string, number>
  resampledEda: Record<string, Float64Array>
}

/**
 * @param scores normalised by each prompt's task
 * @param reference what quality and Self-BLEU are multiplied with again: Q* and D* in a task, 100 and 100 over all tasks
 */
export function scoreScope(scores: PairedScores, reference: TaskReference, options: BootstrapOptions): ScopeScores {
  const resampled = resampleScores(scores, options)
  const observed = Object.fromEntries(
    Object.entries(scores.strategies).map(([id, own]) => [id, observedScores(own, options.weights)]),
  )
  return {
    scores: Object.fromEntries(
      Object.keys(resampled).map((id) => [id, estimates(observed[id], resampled[id], reference)]),
    ),
    observed: Object.fromEntries(Object.entries(observed).map(([id, { eda }]) => [id, eda])),
    resampledEda: Object.fromEntries(Object.entries(resampled).map(([id, { eda }]) => [id, eda])),
  }
}

/** EDA of one strategy against the baselines among the others. */
export function compareWithBaselines(id: string, { observed, resampledEda }: ScopeScores) {
  return Object.fromEntries(
    BASELINES.filter((baseline) => baseline !== id && observed[baseline] !== undefined).map((baseline) => [
      baseline,
      edaDifference(
        { strategy: observed[id], baseline: observed[baseline] },
        { strategy: resampledEda[id], baseline: resampledEda[baseline] },
      ),
    ]),
  )
}

function estimates(
  observed: ReturnType<typeof observedScores>,
  resampled: ResampledScores,
  { bestQuality, worstSelfBleu }: TaskReference,
): Scores {
  const estimate = (value: number, values: Float64Array, scale: number) => ({
    value: value * scale,
    interval: percentileInterval(values).map((end) => end * scale) as Interval,
  })
  return {
    quality: estimate(observed.quality, resampled.quality, bestQuality),
    selfBleu: estimate(observed.selfBleu, resampled.selfBleu, worstSelfBleu),
    eda: estimate(observed.eda, resampled.eda, 1),
  }
}
