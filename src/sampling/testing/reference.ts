import { LOWEST_EXPONENT } from '../exp.js'
import type { SampledToken, Truncation } from '../types.js'

/** The definitions of DESIGN §1 written down plainly: sorts everything, float64, `Math.exp`. Tests compare with it. */

/** e^((logit − max) / temperature), temperature > 0. */
function referenceWeights(logits: ArrayLike<number>, temperature: number): number[] {
  const values = Array.from(logits)
  const max = values.reduce((a, b) => Math.max(a, b))
  return values.map((logit) => {
    const exponent = logit === max ? 0 : (logit - max) / temperature
    return exponent < LOWEST_EXPONENT ? 0 : Math.exp(exponent)
  })
}

export function referenceProbabilities(logits: ArrayLike<number>, temperature = 1): number[] {
  return normalized(referenceWeights(logits, temperature))
}

/** Σ p·(ln Σ − d), which is −Σ p·ln p without the loss of digits that ln p suffers where p is almost 1. */
export function referenceEntropy(logits: ArrayLike<number>): number {
  const weights = referenceWeights(logits, 1)
  const top = weights.indexOf(1)
  const rest = weights.reduce((sum, weight, i) => (i === top ? sum : sum + weight), 0)
  const surprisal = (i: number) => Math.log1p(rest) - (logits[i] - logits[top])
  return weights.reduce((sum, weight, i) => (weight === 0 ? sum : sum + (weight / (1 + rest)) * surprisal(i)), 0)
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

/** √(E[x²] − E[x]²) of the finite logits, measured from the highest. */
export function referenceDeviation(logits: ArrayLike<number>): number {
  const finite = Array.from(logits).filter(Number.isFinite)
  const max = finite.reduce((a, b) => Math.max(a, b))
  const mean = (of: (value: number) => number) =>
    finite.reduce((sum, value) => sum + of(value - max), 0) / finite.length
  return Math.sqrt(Math.max(0, mean((d) => d * d) - mean((d) => d) ** 2))
}

/** Ids sorted by logit, the lower id first on ties. */
export function referenceOrder(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (_, i) => i).sort((a, b) => logits[b] - logits[a] || a - b)
}

/** Weights after temperature and truncation, 0 for the cut tokens. Temperature 0 is the argmax. */
function referenceKept(
  logits: ArrayLike<number>,
  temperature: number,
  { topNSigma = 0, topK = 0, topP = 0.95, minP = 0 }: Truncation,
): number[] {
  const order = referenceOrder(logits)
  if (temperature === 0) return Array.from(logits, (_, i) => (i === order[0] ? 1 : 0))
  const weights = referenceWeights(logits, temperature)
  const lowest = topNSigma === 0 ? Number.NEGATIVE_INFINITY : logits[order[0]] - topNSigma * referenceDeviation(logits)
  let kept = order.filter((token) => weights[token] > 0 && logits[token] >= lowest)
  if (topK > 0) kept = kept.slice(0, topK)
  if (topP < 1) {
    const target = topP * kept.reduce((sum, token) => sum + weights[token], 0)
    let sum = 0
    const reached = kept.findIndex((token) => {
      sum += weights[token]
      return sum >= target
    })
    if (reached >= 0) kept = kept.slice(0, reached + 1)
  }
  const keep = new Set(kept.filter((token) => weights[token] >= minP))
  return weights.map((weight, i) => (keep.has(i) ? weight : 0))
}

/** Probability of each token after temperature and truncation; 0 for the cut ones. */
export function referenceDistribution(
  logits: ArrayLike<number>,
  temperature: number,
  truncation: Truncation = {},
): number[] {
  return normalized(referenceKept(logits, temperature, truncation))
}

/** Inverts the cumulative distribution in the order of the ids. */
export function referenceDraw(
  logits: ArrayLike<number>,
  temperature: number,
  truncation: Truncation,
  uniform: number,
): Pick<SampledToken, 'token' | 'probability' | 'nucleusSize'> {
  const kept = referenceKept(logits, temperature, truncation)
  const total = kept.reduce((a, b) => a + b, 0)
  let token = kept.findLastIndex((weight) => weight > 0)
  let cumulative = 0
  for (let i = 0; i < token; i++) {
    cumulative += kept[i]
    if (cumulative > uniform * total) token = i
  }
  return { token, probability: kept[token] / total, nucleusSize: kept.filter((weight) => weight > 0).length }
}

function normalized(weights: number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}
