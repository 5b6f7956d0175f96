import { InvalidLogitsError } from './errors.js'

/**
 * Vocabulary id of the highest logit, the lowest id on ties.
 *
 * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
 */
export function argmax(logits: Float32Array): number {
  const length = logits.length
  let best = -1
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < length; i++) {
    const logit = logits[i]
    if (logit > max) {
      max = logit
      best = i
    } else if (!(logit <= max)) {
      throw new InvalidLogitsError(i, logit, length)
    }
  }
  if (best === -1) throw new InvalidLogitsError(undefined, length === 0 ? undefined : max, length)
  if (max === Number.POSITIVE_INFINITY) throw new InvalidLogitsError(best, max, length)
  return best
}
