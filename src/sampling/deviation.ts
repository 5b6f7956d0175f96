/**
 * Standard deviation of a row's finite logits around their mean, over all of them (not n − 1): what top-nσ measures by. Banned tokens (−∞) do
 * not count; a single token has 0.
 *
 * @param logits one row with at least one finite entry and without NaN and +∞
 */
export function standardDeviation(logits: Float32Array): number {
  let count = 0
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] === Number.NEGATIVE_INFINITY) continue
    count++
    sum += logits[i]
  }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] !== Number.NEGATIVE_INFINITY) squares += (logits[i] - mean) ** 2
  }
  return Math.sqrt(squares / count)
}
