import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm } from './holm.js'

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })

describe('holm', () => {
  it('gives what R gives: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('leaves a single comparison alone', () => {
    expect(holm([0.03])).toEqual([0.03])
    expect(holm([])).toEqual([])
  })

  it('never lowers a p-value, never leaves 0 … 1, and lies between no correction and Bonferroni', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        holm(p).forEach((corrected, i) => {
          expect(corrected).toBeGreaterThanOrEqual(p[i])
          expect(corrected).toBeLessThanOrEqual(Math.min(1, p[i] * p.length))
        })
      }),
    )
  })

  it('keeps the order of the p-values', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const corrected = holm(p)
        for (const i of p.keys())
          for (const j of p.keys()) if (p[i] <= p[j]) expect(corrected[i]).toBeLessThanOrEqual(corrected[j])
      }),
    )
  })

  it('rejects what the step-down procedure rejects', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const sorted = p.toSorted((a, b) => a - b)
        const first = sorted.findIndex((value, i) => value * (p.length - i) > 0.05)
        const rejected = first === -1 ? p.length : first
        expect(holm(p).filter((value) => value <= 0.05)).toHaveLength(rejected)
      }),
    )
  })
})
