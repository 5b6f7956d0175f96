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
import { holm } from './holm.js'
import type { Scores, TaskReference, Versus } from './types.js'

/** Over all tasks, quality and Self-BLEU are percent of their task's Q* and D*. */
export const PERCENT: TaskReference = { bestQuality: 100, worstSelfBleu: 100 }

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

/** EDA of each strategy against the baselines among the others, by strategy and baseline. */
export function compareWithBaselines({ observed, resampledEda }: ScopeScores): Record<string, Record<string, Versus>> {
  const versus: Record<string, Record<string, Versus>> = {}
  for (const id of Object.keys(observed)) versus[id] = {}
  for (const baseline of BASELINES) {
    if (observed[baseline] === undefined) continue
    const others = Object.keys(observed).filter((id) => id !== baseline)
    const differences = others.map((id) =>
      edaDifference(
        { strategy: observed[id], baseline: observed[baseline] },
        { strategy: resampledEda[id], baseline: resampledEda[baseline] },
      ),
    )
    const corrected = holm(differences.map(({ p }) => p))
    for (const [i, id] of others.entries()) versus[id][baseline] = { ...differences[i], pHolm: corrected[i] }
  }
  return versus
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
