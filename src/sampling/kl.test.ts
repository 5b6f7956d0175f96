import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { klDivergence } from './kl.js'
import { anyLogits } from './testing/logits.js'
import { referenceKl } from './testing/reference.js'

describe('klDivergence', () => {
  it('is 0 for equal rows and shifted rows', () => {
    const logits = Float32Array.of(1, 2, 3)
    expect(klDivergence(logits, logits)).toBe(0)
    expect(
      klDivergence(
        logits,
        logits.map((logit) => logit + 4),
      ),
    ).toBeCloseTo(0, 12)
  })

  it('of two coins is the textbook value', () => {
    const coin = (p: number) => Float32Array.of(Math.log(p), Math.log(1 - p))
    expect(klDivergence(coin(0.8), coin(0.3))).toBeCloseTo(0.8 * Math.log(8 / 3) + 0.2 * Math.log(2 / 7), 6)
  })

  it('stays finite where one row rules a token out: probabilities are clipped at 1e-7', () => {
    const a = Float32Array.of(0, Number.NEGATIVE_INFINITY)
    const b = Float32Array.of(Number.NEGATIVE_INFINITY, 0)
    expect(klDivergence(a, b)).toBeCloseTo(Math.log(1e7) * (1 - 1e-7), 10)
  })

  it('agrees with the reference and is never negative', () => {
    fc.assert(
      fc.property(anyLogits, (logits) => {
        const other = Float32Array.from(logits).reverse()
        const value = klDivergence(logits, other)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeCloseTo(referenceKl(logits, other), 9)
      }),
    )
  })

  it('refuses rows of different lengths', () => {
    expect(() => klDivergence(Float32Array.of(1, 2), Float32Array.of(1, 2, 3))).toThrow(
      'the row of logits without the source must be as long as the row with it (2), but is 3.',
    )
  })
})
