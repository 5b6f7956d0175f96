import { expect } from 'vitest'
import type { SampledToken, TemperatureRule, Truncation } from '../types.js'
import { referenceDistribution, referenceDraw, referenceEntropy, referenceKl } from './reference.js'

/** How far each kernel may be from the float64 reference, relative. The SIMD kernel computes in float32. */
export const tolerances = {
  plain: { entropy: 1e-11, draw: 1e-11 },
  simd: { entropy: 1e-5, draw: 1e-5 },
}

/**
 * Asserts that a sampled token is the reference's for the same logits and the same uniform number. A different token or
 * nucleus is accepted only at ties within rounding: when the token is the reference's after moving the uniform number,
 * topP, minP and topNSigma by no more than the tolerance.
 */
export function expectAgreement(
  sampled: SampledToken,
  kernel: keyof typeof tolerances,
  rule: TemperatureRule,
  truncation: Truncation,
  logits: Float32Array,
  uniform: number,
  contrastLogits?: Float32Array,
): void {
  const tolerance = tolerances[kernel]
  const entropy = referenceEntropy(logits)
  expect(Math.abs(sampled.entropy - entropy), 'entropy').toBeLessThanOrEqual(tolerance.entropy * entropy + 1e-35)
  const divergence = contrastLogits === undefined ? undefined : referenceKl(logits, contrastLogits)
  // The temperature belongs to the entropy that was measured, and the draw to the temperature that was chosen.
  const temperature = rule.temperature({
    entropy: sampled.entropy,
    vocabularySize: logits.length,
    divergence,
    // Tests draw first tokens.
    meanEntropy: sampled.entropy,
  })
  expect(Math.abs(sampled.temperature - temperature), 'temperature').toBeLessThanOrEqual(1e-9 * temperature)

  const { topP = 0.95, minP = 0, topNSigma = 0 } = truncation
  const nudged = (value: number, max: number) => [
    value,
    value * (1 - tolerance.draw),
    Math.min(max, value * (1 + tolerance.draw)),
  ]
  const agreesWith = (p: number, m: number, n: number) => {
    const distribution = referenceDistribution(logits, sampled.temperature, {
      ...truncation,
      topP: p,
      minP: m,
      topNSigma: n,
    })
    const probability = distribution[sampled.token]
    const before = distribution.slice(0, sampled.token).reduce((a, b) => a + b, 0)
    return (
      before <= uniform + tolerance.draw &&
      uniform <= before + probability + tolerance.draw &&
      sampled.nucleusSize === distribution.filter((other) => other > 0).length &&
      Math.abs(sampled.probability - probability) <= 10 * tolerance.draw * probability &&
      probability > 0
    )
  }
  const reference = referenceDraw(logits, sampled.temperature, truncation, uniform)
  const same =
    reference.token === sampled.token &&
    reference.nucleusSize === sampled.nucleusSize &&
    Math.abs(reference.probability - sampled.probability) <= 10 * tolerance.draw * reference.probability
  const sigmas = topNSigma === 0 ? [0] : nudged(topNSigma, Number.MAX_VALUE)
  const nearby = nudged(topP, 1).flatMap((p) => nudged(minP, 1).flatMap((m) => sigmas.map((n) => [p, m, n] as const)))
  if (same || nearby.some((cuts) => agreesWith(...cuts))) return
  expect(sampled, `topP ${topP}, minP ${minP}, uniform ${uniform}`).toMatchObject(reference)
}
