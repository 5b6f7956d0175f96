import { LOWEST_EXPONENT } from '../exp.js'
import type { SampledToken, TemperatureRule, Truncation } from '../types.js'

/** The definitions of DESIGN §1 written down plainly: sorts everything, float64, `Math.exp`. Tests compare with it. */

export function referenceProbabilities(logits: ArrayLike<number>, temperature = 1): number[] {
  const values = Array.from(logits)
  const max = values.reduce((a, b) => Math.max(a, b))
  const weights = values.map((logit) => {
    const exponent = logit === max ? 0 : (logit - max) / temperature
    return exponent < LOWEST_EXPONENT ? 0 : Math.exp(exponent)
  })
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}

export function referenceEntropy(logits: ArrayLike<number>): number {
  const p = referenceProbabilities(logits)
  return p.reduce((sum, value) => (value === 0 ? sum : sum - value * Math.log(value)), 0)
}

export function referenceKl(withSource: ArrayLike<number>, withoutSource: ArrayLike<number>): number {
  const clip = (p: number) => Math.min(1, Math.max(1e-7, p))
  const p = referenceProbabilities(withSource).map(clip)
  const q = referenceProbabilities(withoutSource).map(clip)
  return Math.max(
    0,
    p.reduce((sum, value, i) => sum + value * (Math.log(value) - Math.log(q[i])), 0),
  )
}

/** Probability of each token after temperature and truncation; 0 for the cut ones. Temperature 0 is the argmax. */
export function referenceDistribution(
  logits: ArrayLike<number>,
  temperature: number,
  { topK = 0, topP = 0.95, minP = 0 }: Truncation = {},
): number[] {
  const values = Array.from(logits)
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b)
  if (temperature === 0) return values.map((_, i) => (i === order[0] ? 1 : 0))
  const p = referenceProbabilities(logits, temperature)
  let kept = order.filter((token) => p[token] > 0)
  if (topK > 0) kept = kept.slice(0, topK)
  if (topP < 1) {
    const target = topP * kept.reduce((sum, token) => sum + p[token], 0)
    let sum = 0
    const reached = kept.findIndex((token) => {
      sum += p[token]
      return sum >= target
    })
    if (reached >= 0) kept = kept.slice(0, reached + 1)
  }
  kept = kept.filter((token) => p[token] >= minP * p[order[0]])
  const keep = new Set(kept)
  const total = kept.reduce((sum, token) => sum + p[token], 0)
  return values.map((_, i) => (keep.has(i) ? p[i] / total : 0))
}

/** Inverts the cumulative distribution in the order of the ids. */
export function referenceSample(
  rule: TemperatureRule,
  truncation: Truncation,
  logits: Float32Array,
  uniform: number,
  contrastLogits?: Float32Array,
): SampledToken {
  const entropy = referenceEntropy(logits)
  const divergence = contrastLogits === undefined ? undefined : referenceKl(logits, contrastLogits)
  const temperature = rule.temperature({ entropy, vocabularySize: logits.length, divergence })
  const distribution = referenceDistribution(logits, temperature, truncation)
  let cumulative = 0
  let token = distribution.findLastIndex((p) => p > 0)
  for (let i = 0; i < token; i++) {
    cumulative += distribution[i]
    if (cumulative > uniform) token = i
  }
  const nucleusSize = distribution.filter((p) => p > 0).length
  return { token, entropy, temperature, probability: distribution[token], nucleusSize }
}
