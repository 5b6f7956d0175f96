import { expOfNonPositive, LOWEST_EXPONENT } from '../exp.js'

/**
 * The tokens that can still be drawn after the temperature, in the order of their ids. Only the first `count` entries
 * of each array mean anything; the next row overwrites them.
 */
export interface Candidates {
  count: number
  ids: Int32Array
  logits: Float32Array
  /** e^((logit − max) / temperature): 1 for the argmax. */
  weights: Float64Array
  /** Candidates that are not ignorable have logits in [max − span, max]; the histogram's resolution follows it. */
  span: number
  /** Sum of the weights of all tokens that are not below `lowest`, left-out tokens included. */
  total: number
}

export function emptyCandidates(): Candidates {
  return {
    count: 0,
    ids: new Int32Array(0),
    logits: new Float32Array(0),
    weights: new Float64Array(0),
    span: 0,
    total: 0,
  }
}

/**
 * Weighs a row at a temperature.
 *
 * @param max the highest logit
 * @param temperature > 0
 * @param lowest tokens with a logit below this are cut: they have no weight
 * @param ignorable tokens with a probability below this may be left out; 0 … 1
 */
export function weighCandidates(
  candidates: Candidates,
  logits: Float32Array,
  max: number,
  temperature: number,
  lowest: number,
  ignorable: number,
): void {
  const length = logits.length
  if (candidates.ids.length < length) {
    candidates.ids = new Int32Array(length)
    candidates.logits = new Float32Array(length)
    candidates.weights = new Float64Array(length)
  }
  const { ids, logits: kept, weights } = candidates
  // Finite, so that the argmax's 0 · scale is 0 even for the tiniest temperature.
  const scale = Math.min(1 / temperature, Number.MAX_VALUE)
  let count = 0
  let total = 0
  for (let i = 0; i < length; i++) {
    const logit = logits[i]
    const exponent = (logit - max) * scale
    if (exponent >= LOWEST_EXPONENT && logit >= lowest) {
      const weight = expOfNonPositive(exponent)
      total += weight
      // The sum so far is at most the whole sum, so nothing is left out that the whole sum would keep.
      if (weight >= ignorable * total) {
        ids[count] = i
        kept[count] = logit
        weights[count] = weight
        count++
      }
    }
  }
  candidates.count = count
  candidates.span = Math.min(-LOWEST_EXPONENT, -Math.log(ignorable * total)) / scale
  candidates.total = total
}
