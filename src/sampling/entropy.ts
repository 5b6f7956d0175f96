import { expOfNonPositive, LOWEST_EXPONENT } from './exp.js'
import { argmax } from './scan.js'

/**
 * Entropy in nats of the softmax of one row at temperature 1, over the whole vocabulary: 0 … ln(logits.length).
 *
 * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
 */
export function entropy(logits: Float32Array): number {
  return entropyGivenArgmax(logits, argmax(logits))
}

/**
 * The same, when the argmax is known. With d = logit − max, R = Σ e^d over all but the argmax and W = Σ d·e^d:
 * H = ln(1 + R) − W/(1 + R). Both terms are ≥ 0 and the argmax's own 1 never swallows a small R, so H keeps its relative
 * precision down to the least uncertain rows, where EDT's exponent θ/H is most sensitive.
 */
export function entropyGivenArgmax(logits: Float32Array, best: number): number {
  const max = logits[best]
  let rest = 0
  let weighted = 0
  for (let i = 0, length = logits.length; i < length; i++) {
    const d = logits[i] - max
    if (d >= LOWEST_EXPONENT && i !== best) {
      const weight = expOfNonPositive(d)
      rest += weight
      weighted += d * weight
    }
  }
  return entropyFromSums(rest, weighted, logits.length)
}

/** @param rest R and @param weighted W of {@link entropyGivenArgmax}; rounding may not lift H above ln V. */
export function entropyFromSums(rest: number, weighted: number, vocabularySize: number): number {
  return Math.min(Math.log1p(rest) - weighted / (1 + rest), Math.log(vocabularySize))
}
