import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entropy } from './entropy.js'
import { InvalidLogitsError } from './errors.js'
import { anyLogits } from './testing/logits.js'
import { referenceEntropy } from './testing/reference.js'

describe('entropy', () => {
  it('is in nats: ln 2 for a fair coin, ln V for equal logits, 0 for a certain token', () => {
    expect(entropy(Float32Array.of(3, 3))).toBeCloseTo(Math.LN2, 14)
    expect(entropy(new Float32Array(8192).fill(-7))).toBeCloseTo(Math.log(8192), 12)
    expect(entropy(Float32Array.of(1, Number.NEGATIVE_INFINITY))).toBe(0)
    expect(entropy(Float32Array.of(5))).toBe(0)
  })

  it('of a biased coin is the textbook value', () => {
    const p = 0.9
    expect(entropy(Float32Array.of(Math.log(p / (1 - p)), 0))).toBeCloseTo(-p * Math.log(p) - 0.1 * Math.log(0.1), 6)
  })

  it('agrees with the reference and stays within 0 and ln V', () => {
    fc.assert(
      fc.property(anyLogits, (logits) => {
        const value = entropy(logits)
        const expected = referenceEntropy(logits)
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-11 * expected + 1e-35)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(Math.log(logits.length))
      }),
    )
  })

  it('does not depend on the order of the tokens', () => {
    fc.assert(
      fc.property(anyLogits, fc.integer(), (logits, rotation) => {
        const by = Math.abs(rotation) % logits.length
        const rotated = Float32Array.of(...logits.subarray(by), ...logits.subarray(0, by)).reverse()
        expect(Math.abs(entropy(rotated) - entropy(logits))).toBeLessThanOrEqual(1e-11 * entropy(logits))
      }),
    )
  })

  it('does not depend on a constant added to all logits', () => {
    const logits = Float32Array.of(1, 2, 3, 4)
    expect(entropy(logits.map((logit) => logit + 1024))).toBeCloseTo(entropy(logits), 12)
  })

  it('keeps its relative precision for an almost certain row', () => {
    const gap = 60
    expect(entropy(Float32Array.of(0, -gap)) / ((1 + gap) * Math.exp(-gap))).toBeCloseTo(1, 10)
  })

  it('refuses NaN and says where it stands', () => {
    const logits = new Float32Array(100)
    logits[77] = Number.NaN
    expect(() => entropy(logits)).toThrow(InvalidLogitsError)
    expect(() => entropy(logits)).toThrow(expect.objectContaining({ index: 77, value: Number.NaN, length: 100 }))
  })
})
