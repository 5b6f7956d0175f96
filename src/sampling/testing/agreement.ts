import { expect } from 'vitest'
import type { SampledToken, TemperatureRule, Truncation } from '../types.js'
import { referenceDraw, referenceEntropy, referenceKl } from './reference.js'

/** How far each kernel may be from the float64 reference, relative. The SIMD kernel computes in float32. */
export const tolerances = {
  plain: { entropy: 1e-11, draw: 1e-11 },
  simd: { entropy: 1e-5, draw: 1e-5 },
}

/**
 * Asserts that a sampled token is the reference's for the same logits and the same uniform number. A different token or
 * nucleus is accepted only at ties within rounding: when moving the uniform number, topP or minP by the tolerance moves
 * the reference in the same way.
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
  const temperature = rule.temperature({ entropy: sampled.entropy, vocabularySize: logits.length, divergence })
  expect(Math.abs(sampled.temperature - temperature), 'temperature').toBeLessThanOrEqual(1e-9 * temperature)

  const matches = (u: number, topP: number, minP: number) => {
    const reference = referenceDraw(logits, sampled.temperature, { ...truncation, topP, minP }, u)
    return (
      reference.token === sampled.token &&
      reference.nucleusSize === sampled.nucleusSize &&
      Math.abs(reference.probability - sampled.probability) <= 10 * tolerance.draw * reference.probability
    )
  }
  const { topP = 0.95, minP = 0 } = truncation
  if (matches(uniform, topP, minP)) return
  const nudged = (value: number, max: number) => [
    value,
    value * (1 - tolerance.draw),
    Math.min(max, value * (1 + tolerance.draw)),
  ]
  const agrees = nudged(uniform, 1 - 2 ** -53).some((u) =>
    nudged(topP, 1).some((p) => nudged(minP, 1).some((m) => matches(u, p, m))),
  )
  if (!agrees) {
    expect(sampled, `topP ${topP}, minP ${minP}, uniform ${uniform}`).toMatchObject(
      referenceDraw(logits, sampled.temperature, truncation, uniform),
    )
  }
}
