import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expOfNonPositive, LOWEST_EXPONENT } from './exp.js'

it('agrees with Math.exp to 1e-13 over its whole range', () => {
  fc.assert(
    fc.property(fc.double({ min: LOWEST_EXPONENT, max: 0, noNaN: true }), (z) => {
      expect(Math.abs(expOfNonPositive(z) / Math.exp(z) - 1)).toBeLessThan(1e-13)
    }),
    { numRuns: 2000 },
  )
})

it('is exact at 0 and right at its ends', () => {
  expect(expOfNonPositive(0)).toBe(1)
  expect(expOfNonPositive(-0)).toBe(1)
  expect(expOfNonPositive(LOWEST_EXPONENT) / Math.exp(LOWEST_EXPONENT)).toBeCloseTo(1, 12)
})
