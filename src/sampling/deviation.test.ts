import fc from 'fast-check'
import { expect, it } from 'vitest'
import { standardDeviation } from './deviation.js'
import { anyLogits } from './testing/logits.js'
import { referenceDeviation } from './testing/reference.js'

it('is 2 for 2, 4, 4, 4, 5, 5, 7, 9, banned tokens or not', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9]
  expect(standardDeviation(Float32Array.from(values))).toBe(2)
  expect(standardDeviation(Float32Array.from([...values, Number.NEGATIVE_INFINITY]))).toBe(2)
})

it('is 0 for a single token', () => {
  expect(standardDeviation(Float32Array.of(Number.NEGATIVE_INFINITY, 3))).toBe(0)
})

it('is √(E[x²] − E[x]²) of the finite logits', () => {
  fc.assert(
    fc.property(anyLogits, (logits) => {
      expect(standardDeviation(logits)).toBeCloseTo(referenceDeviation(logits), 5)
    }),
  )
})
