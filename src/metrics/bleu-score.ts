import type { BleuSettings } from './bleu-settings.js'
import { MAX_ORDER } from './ngrams.js'

/** The counts that BLEU is computed from; those of a corpus are the sums over its sentences. */
export interface BleuStatistics {
  /** Words. */
  hypothesisLength: number
  /** Words of the closest references. */
  referenceLength: number
  /** Matched n-grams of order 1 … 4, each at most as often as in the reference that has it most. */
  counts: number[]
  /** N-grams of order 1 … 4 in the hypothesis. */
  totals: number[]
}

/** A BLEU score and what it is made of, as sacreBLEU's BLEUScore. `String(score)` gives sacreBLEU's line. */
export class BleuScore {
  constructor(
    /** 0–100; a perfect match may be 100.00000000000004. */
    readonly score: number,
    /** Precision of order 1 … 4 after smoothing, 0–100. */
    readonly precisions: number[],
    /** Matches of order 1 … 4; `add-k` has added k to orders 2–4. */
    readonly counts: number[],
    /** N-grams of order 1 … 4 in the hypothesis; `add-k` has added k to orders 2–4. */
    readonly totals: number[],
    /** Factor for short hypotheses, 0–1. */
    readonly brevityPenalty: number,
    /** Words. */
    readonly hypothesisLength: number,
    /** Words of the closest references. */
    readonly referenceLength: number,
    /** e.g. `nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:edt-tuner-0.1.0` */
    readonly signature: string,
  ) {}

  toString(): string {
    const precisions = this.precisions.map((p) => p.toFixed(1)).join('/')
    const ratio = this.referenceLength === 0 ? 0 : this.hypothesisLength / this.referenceLength
    return (
      `BLEU = ${this.score.toFixed(2)} ${precisions} (BP = ${this.brevityPenalty.toFixed(3)} ratio = ${ratio.toFixed(3)} ` +
      `hyp_len = ${this.hypothesisLength} ref_len = ${this.referenceLength})`
    )
  }
}

/**
 * BLEU from its statistics, as sacreBLEU's `BLEU.compute_bleu`. No match at any order scores 0 under every smoothing.
 *
 * @see Papineni et al. 2002; smoothing: Chen and Cherry 2014, methods 1 (floor), 2 (add-k) and 3 (exp)
 */
export function scoreStatistics(
  { hypothesisLength, referenceLength, counts, totals }: BleuStatistics,
  { smooth, smoothValue, effectiveOrder }: BleuSettings,
  signature: string,
): BleuScore {
  const brevityPenalty = brevity(hypothesisLength, referenceLength)
  const precisions = new Array<number>(MAX_ORDER).fill(0)
  let score = 0
  if (counts.some((count) => count > 0)) {
    counts = [...counts]
    totals = [...totals]
    let order = MAX_ORDER
    let halvings = 1
    for (let n = 0; n < MAX_ORDER; n++) {
      if (smooth === 'add-k' && n > 0) {
        counts[n] += smoothValue
        totals[n] += smoothValue
      }
      if (totals[n] === 0) break
      if (effectiveOrder) order = n + 1
      if (counts[n] > 0) precisions[n] = (100 * counts[n]) / totals[n]
      else if (smooth === 'exp') {
        halvings *= 2
        precisions[n] = 100 / (halvings * totals[n])
      } else if (smooth === 'floor') precisions[n] = (100 * smoothValue) / totals[n]
    }
    let logs = 0
    for (let n = 0; n < order; n++) logs += Math.log(precisions[n])
    score = brevityPenalty * Math.exp(logs / order)
  }
  return new BleuScore(score, precisions, counts, totals, brevityPenalty, hypothesisLength, referenceLength, signature)
}

function brevity(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1
  return hypothesisLength === 0 ? 0 : Math.exp(1 - referenceLength / hypothesisLength)
}

/** The length nearest to the hypothesis's; of two equally near, the shorter. @param lengths at least one */
export function closestLength(hypothesisLength: number, lengths: readonly number[]): number {
  let closest = lengths[0]
  for (const length of lengths) {
    const nearer = Math.abs(hypothesisLength - length) - Math.abs(hypothesisLength - closest)
    if (nearer < 0 || (nearer === 0 && length < closest)) closest = length
  }
  return closest
}
