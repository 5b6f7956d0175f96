/**
 * −ln softmax(logits)[token] in nats for one row of logits.
 * @param logits length = vocabulary size
 */
export function surprisal(logits: Float32Array, token: number): number {
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) if (logits[i] > max) max = logits[i]
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - max)
  return Math.log(sum) + max - logits[token]
}
