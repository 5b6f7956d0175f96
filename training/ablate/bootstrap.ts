import { InvalidOptionError } from '../../src/errors.js'
import { randomStream } from '../../src/sampling/random.js'
import { type EdaWeights, equalWeights, normalizedEda } from '../surfaces/normalized-eda.js'
import { mean } from './mean.js'

/** One strategy's normalised scores Q / Q* and D / D*, one number a prompt. */
export interface PromptScores {
  quality: Float64Array
  selfBleu: Float64Array
}

/** Scores of several strategies on the same prompts, in the same order. */
export interface PairedScores {
  /** The stratum (task) of each prompt. */
  strata: readonly string[]
  strategies: Readonly<Record<string, PromptScores>>
}

export interface BootstrapOptions {
  /** @default 10000 */
  resamples?: number
  seed: number
  /** @default [0.5, 0.5] */
  weights?: EdaWeights
}

/** One strategy's corpus scores in every resample. */
export interface ResampledScores {
  /** Mean Q / Q*. */
  quality: Float64Array
  /** Mean D / D*. */
  selfBleu: Float64Array
  eda: Float64Array
}

/** An interval of 95 % [from, to]. */
export type Interval = [number, number]

export interface EdaDifference {
  /** EDA of the strategy minus EDA of the baseline; below zero the strategy is better. */
  difference: number
  interval: Interval
  /** Two-sided, for "there is no difference". */
  p: number
}

/**
 * Paired bootstrap over prompts (Efron & Tibshirani 1993, ch. 6 and 16): draws prompts with replacement, as many from each stratum as it
 * has, and computes every strategy's corpus scores on the same draw, so that what is hard about a prompt is hard for all of them alike.
 * What is resampled is the prompts alone: the intervals speak about other prompts of the same tasks.
 *
 * @throws {InvalidOptionError} when there are no prompts, or a strategy's scores and the strata differ in number
 */
export function resampleScores(scores: PairedScores, options: BootstrapOptions): Record<string, ResampledScores> {
  const { resamples = 10_000, seed, weights = equalWeights } = options
  const ids = Object.keys(scores.strategies)
  const table = interleave(scores, ids)
  const strata = promptsByStratum(scores.strata)
  const width = 2 * ids.length
  const count = scores.strata.length
  const random = randomStream(seed, 'bootstrap')
  const results = ids.map(() => ({
    quality: new Float64Array(resamples),
    selfBleu: new Float64Array(resamples),
    eda: new Float64Array(resamples),
  }))
  const sums = new Float64Array(width)
  for (let r = 0; r < resamples; r++) {
    sums.fill(0)
    for (const prompts of strata) {
      for (let i = 0; i < prompts.length; i++) {
        const row = prompts[Math.floor(random.next() * prompts.length)] * width
        for (let j = 0; j < width; j++) sums[j] += table[row + j]
      }
    }
    for (const [s, result] of results.entries()) {
      const quality = sums[2 * s] / count
      const selfBleu = sums[2 * s + 1] / count
      result.quality[r] = quality
      result.selfBleu[r] = selfBleu
      result.eda[r] = normalizedEda(quality, selfBleu, weights)
    }
  }
  return Object.fromEntries(ids.map((id, s) => [id, results[s]]))
}

/** Corpus scores of one strategy on the prompts as they are: what the intervals of {@link resampleScores} belong to. */
export function observedScores(scores: PromptScores, weights: EdaWeights = equalWeights) {
  const quality = mean(scores.quality)
  const selfBleu = mean(scores.selfBleu)
  return { quality, selfBleu, eda: normalizedEda(quality, selfBleu, weights) }
}

/** The difference in corpus EDA between two strategies that were resampled together. */
export function edaDifference(
  observed: { strategy: number; baseline: number },
  resampled: { strategy: Float64Array; baseline: Float64Array },
): EdaDifference {
  const differences = resampled.strategy.map((eda, r) => eda - resampled.baseline[r])
  return {
    difference: observed.strategy - observed.baseline,
    interval: percentileInterval(differences),
    p: twoSidedP(differences),
  }
}

/** The 95 % percentile interval of resampled values (Efron & Tibshirani 1993, ch. 13); ±∞ among them are allowed. */
export function percentileInterval(values: Float64Array): Interval {
  const sorted = values.slice().sort()
  const cut = Math.max(0, Math.floor(0.025 * (sorted.length + 1)) - 1)
  return [sorted[cut], sorted[sorted.length - 1 - cut]]
}

/**
 * Two-sided p-value of "the difference is zero": twice the share of resampled differences on the far side of zero, at most 1. It is below 0.05
 * exactly when the percentile interval leaves zero out (up to one resample); with B resamples it is never below 2 / (B + 1).
 * Differences without any spread (those of a single prompt) say nothing about chance and give 1.
 */
export function twoSidedP(differences: Float64Array): number {
  if (differences.every((difference) => difference === differences[0])) return 1
  let notAbove = 1
  let notBelow = 1
  for (const difference of differences) {
    if (difference <= 0) notAbove++
    if (difference >= 0) notBelow++
  }
  return Math.min(1, (2 * Math.min(notAbove, notBelow)) / (differences.length + 1))
}

/** Rows of prompts, each with (quality, Self-BLEU) of all strategies side by side: one draw reads one piece of memory. */
function interleave({ strata, strategies }: PairedScores, ids: readonly string[]): Float64Array {
  if (strata.length === 0) throw new InvalidOptionError('scores', 'of at least one prompt', 0)
  const table = new Float64Array(strata.length * ids.length * 2)
  for (const [s, id] of ids.entries()) {
    const { quality, selfBleu } = strategies[id]
    for (const { length } of [quality, selfBleu]) {
      if (length !== strata.length)
        throw new InvalidOptionError(`scores of ${id}`, `of ${strata.length} prompts`, length)
    }
    for (let i = 0; i < strata.length; i++) {
      table[(i * ids.length + s) * 2] = quality[i]
      table[(i * ids.length + s) * 2 + 1] = selfBleu[i]
    }
  }
  return table
}

/** A stratum of one prompt would never change and make intervals too narrow: where there is one, all prompts are one stratum. */
function promptsByStratum(strata: readonly string[]): Int32Array[] {
  const groups = new Map<string, number[]>()
  for (const [i, stratum] of strata.entries()) {
    const group = groups.get(stratum)
    if (group === undefined) groups.set(stratum, [i])
    else group.push(i)
  }
  const members = [...groups.values()]
  const single = members.some((group) => group.length === 1)
  return (single ? [members.flat()] : members).map((group) => Int32Array.from(group))
}
