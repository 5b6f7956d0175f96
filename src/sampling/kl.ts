import { InvalidOptionError } from '../errors.js'
import { expOfNonPositive, LOWEST_EXPONENT } from './exp.js'
import { argmax } from './scan.js'

const LOWEST_PROBABILITY = 1e-7
const LOWEST_LOG_PROBABILITY = Math.log(LOWEST_PROBABILITY)

/**
 * KL(with source ‖ without source) in nats, at temperature 1: max(0, Σ p·(ln p − ln q)) with the probabilities of both
 * rows clipped to [1e-7, 1], so that a token which one row rules out does not make it infinite.
 *
 * @param withSource logits of a step that sees the source, length = vocabulary size
 * @param withoutSource logits of the same step without it, same length
 * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
 * @throws {InvalidOptionError} when the lengths differ
 * @see Chang et al. 2023, "KL-Divergence Guided Temperature Sampling", arXiv 2306.01286
 */
export function klDivergence(withSource: Float32Array, withoutSource: Float32Array): number {
  if (withSource.length !== withoutSource.length) {
    throw new InvalidOptionError(
      'the row of logits without the source',
      `as long as the row with it (${withSource.length})`,
      withoutSource.length,
    )
  }
  const logP = logNormalizer(withSource)
  const logQ = logNormalizer(withoutSource)
  let sum = 0
  for (let i = 0; i < withSource.length; i++) {
    const lnP = Math.min(0, withSource[i] - logP)
    const lnQ = Math.min(0, withoutSource[i] - logQ)
    const clippedQ = Math.max(lnQ, LOWEST_LOG_PROBABILITY)
    sum +=
      lnP > LOWEST_LOG_PROBABILITY
        ? expOfNonPositive(lnP) * (lnP - clippedQ)
        : LOWEST_PROBABILITY * (LOWEST_LOG_PROBABILITY - clippedQ)
  }
  return Math.max(0, sum)
}

function logNormalizer(logits: Float32Array): number {
  const max = logits[argmax(logits)]
  let total = 0
  for (let i = 0; i < logits.length; i++) {
    const d = logits[i] - max
    if (d >= LOWEST_EXPONENT) total += expOfNonPositive(d)
  }
  return max + Math.log(total)
}
