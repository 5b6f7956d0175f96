import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidLogitsError } from '../errors.js'
import { availableKernels } from '../kernels.js'
import { randomStream } from '../random.js'
import { createSampler } from '../sampler.js'
import { createRule, strategies, strategyNames } from '../strategy.js'
import { expectAgreement } from '../testing/agreement.js'
import { chiSquare } from '../testing/chi-square.js'
import { anyLogits, anyUniform, modelLikeLogits, truncations } from '../testing/logits.js'
import { referenceDistribution } from '../testing/reference.js'
import type { StrategySpec, Truncation } from '../types.js'

const everyStrategy: StrategySpec[] = strategyNames.flatMap((name): StrategySpec[] => strategies[name].examples)
const firstToken = { steps: 0, entropySum: 0 }
const banned = Number.NEGATIVE_INFINITY

describe.each(availableKernels)('%s kernel', (kernel) => {
  describe.each(everyStrategy.map(createRule))('$signature', (rule) => {
    const sample = (logits: Float32Array, uniform: number, truncation: Truncation = {}, contrast?: Float32Array) =>
      createSampler({ rule, truncation, kernel }).sample(logits, uniform, contrast, firstToken)
    const contrastFor = (logits: Float32Array) => (rule.needsContrast ? Float32Array.from(logits).reverse() : undefined)
    const checked = (logits: Float32Array, uniform: number, truncation: Truncation = {}) => {
      const contrast = contrastFor(logits)
      const sampled = sample(logits, uniform, truncation, contrast)
      expectAgreement(sampled, kernel, rule, truncation, logits, uniform, contrast)
      return sampled
    }

    it.each(truncations)('draws the distribution that it announces with %j', (truncation) => {
      const logits = modelLikeLogits(40, 7, { spread: 1.2, peak: 2 })
      const contrast = contrastFor(logits)
      const random = randomStream(11, rule.signature, JSON.stringify(truncation))
      const { temperature } = sample(logits, 0, truncation, contrast)
      const expected = referenceDistribution(logits, temperature, truncation)
      const sampler = createSampler({ rule, truncation, kernel })
      const observed = expected.map(() => 0)
      for (let i = 0; i < 3000; i++) observed[sampler.sample(logits, random.next(), contrast, firstToken).token]++
      observed.forEach((count, token) => {
        if (expected[token] === 0) expect(count, `token ${token} was cut`).toBe(0)
      })
      const { statistic, critical } = chiSquare(observed, expected)
      expect(statistic).toBeLessThan(critical)
    })

    it('never exceeds its upper bound and never returns a negative or missing temperature', () => {
      fc.assert(
        fc.property(anyLogits, anyUniform, (logits, uniform) => {
          const { temperature } = sample(logits, uniform, {}, contrastFor(logits))
          expect(temperature).toBeGreaterThanOrEqual(0)
          expect(temperature).toBeLessThanOrEqual(rule.upperBound)
        }),
      )
    })

    it('draws what the reference draws for the same uniform number', () => {
      fc.assert(
        fc.property(anyLogits, anyUniform, fc.constantFrom(...truncations), (logits, uniform, truncation) => {
          checked(logits, uniform, truncation)
        }),
        { numRuns: 150 },
      )
    })

    it.each([1, 2, 8192, 151_936])('works for a vocabulary of %i', (size) => {
      const logits = modelLikeLogits(size, 3)
      checked(logits, 0.37)
    })

    it('takes the only token of a one-hot row', () => {
      const logits = new Float32Array(100).fill(banned)
      logits[42] = 3
      for (const uniform of [0, 0.5, 1 - 2 ** -53]) {
        expect(checked(logits, uniform)).toMatchObject({ token: 42, entropy: 0, probability: 1, nucleusSize: 1 })
      }
    })

    it('spreads over all equal logits, lowest ids first', () => {
      const logits = new Float32Array(1000).fill(-2.5)
      const { entropy, temperature, nucleusSize } = checked(logits, 0.999)
      expect(entropy).toBeCloseTo(Math.log(1000), 5)
      expect(nucleusSize).toBe(temperature === 0 ? 1 : 950)
      expect(sample(logits, 1 - 2 ** -53, {}, contrastFor(logits)).token).toBe(temperature === 0 ? 0 : 949)
    })

    it('never draws a token with logit −∞', () => {
      const logits = modelLikeLogits(64, 5, { spread: 0.1, peak: 0 }).map((logit, i) => (i % 3 === 1 ? logit : banned))
      const sampler = createSampler({ rule, truncation: { topP: 1 }, kernel })
      const random = randomStream(2)
      for (let i = 0; i < 500; i++) {
        expect(sampler.sample(logits, random.next(), contrastFor(logits), firstToken).token % 3).toBe(1)
      }
    })

    it.each([
      ['NaN', [1, Number.NaN, 2], 'logits[1] is NaN, but every logit must be a finite number or −∞'],
      ['+∞', [1, 2, Number.POSITIVE_INFINITY], 'logits[2] is Infinity, but every logit must be a finite number or −∞'],
      ['only −∞', [banned, banned], 'All 2 logits are −∞, so no token can be drawn'],
      ['nothing', [], 'The row of logits is empty'],
    ])('refuses a row with %s', (_, values, message) => {
      const logits = Float32Array.from(values)
      expect(() => sample(logits, 0.5, {}, contrastFor(logits))).toThrow(InvalidLogitsError)
      expect(() => sample(logits, 0.5, {}, contrastFor(logits))).toThrow(message)
    })

    it('draws the same tokens for the same seed', () => {
      const rows = [1, 2, 3, 4, 5].map((seed) => modelLikeLogits(300, seed))
      const run = () => {
        const random = randomStream(9, 'row', 0)
        return rows.map((logits) => sample(logits, random.next(), {}, contrastFor(logits)))
      }
      expect(run()).toEqual(run())
    })
  })
})
