import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.js'
import { logitStatistics, tokenRank, topTokens } from './statistics.js'
import { anyLogits } from './testing/logits.js'
import { referenceEntropy, referenceOrder, referenceProbabilities } from './testing/reference.js'

describe('logitStatistics', () => {
  it('agrees with the definitions', () => {
    fc.assert(
      fc.property(anyLogits, (logits) => {
        const p = referenceProbabilities(logits)
        const order = referenceOrder(logits)
        const entropy = referenceEntropy(logits)
        const varentropy = p.reduce((sum, q) => (q === 0 ? sum : sum + q * (-Math.log(q) - entropy) ** 2), 0)
        const statistics = logitStatistics(logits)
        expect(statistics.argmax).toBe(order[0])
        expect(statistics.max).toBe(logits[order[0]])
        expect(statistics.entropy).toBeCloseTo(entropy, 10)
        expect(statistics.varentropy).toBeCloseTo(varentropy, 10)
        expect(statistics.varentropy).toBeGreaterThanOrEqual(0)
        expect(statistics.topProbability).toBeCloseTo(p[order[0]], 12)
        expect(statistics.secondProbability).toBeCloseTo(logits.length > 1 ? p[order[1]] : 0, 12)
        expect(Math.exp(logits[order[0]] - statistics.logNormalizer)).toBeCloseTo(p[order[0]], 10)
      }),
    )
  })

  it('has no varentropy where all tokens that can be drawn are equal', () => {
    expect(logitStatistics(new Float32Array(64).fill(2)).varentropy).toBeCloseTo(0, 20)
  })
})

describe('tokenRank', () => {
  it('is the place in the order by logit, the lower id first on ties', () => {
    fc.assert(
      fc.property(anyLogits, (logits) => {
        const order = referenceOrder(logits)
        for (const place of [0, order.length >> 1, order.length - 1])
          expect(tokenRank(logits, order[place])).toBe(place)
      }),
    )
  })

  it('refuses what is no vocabulary id', () => {
    for (const token of [-1, 3, 0.5]) expect(() => tokenRank(new Float32Array(3), token)).toThrow(InvalidOptionError)
  })
})

describe('topTokens', () => {
  it('are the first of the order by logit, with their probabilities at temperature 1', () => {
    fc.assert(
      fc.property(anyLogits, fc.integer({ min: 1, max: 12 }), (logits, k) => {
        const p = referenceProbabilities(logits)
        const drawable = referenceOrder(logits).filter((token) => logits[token] > Number.NEGATIVE_INFINITY)
        const top = topTokens(logits, k)
        expect(top.map(({ token }) => token)).toEqual(drawable.slice(0, k))
        for (const { token, logit, probability } of top) {
          expect(logit).toBe(logits[token])
          expect(probability).toBeCloseTo(p[token], 12)
        }
      }),
    )
  })

  it('refuses k below 1', () => {
    expect(() => topTokens(Float32Array.of(1), 0)).toThrow('k must be a whole number ≥ 1, but is 0.')
  })
})
