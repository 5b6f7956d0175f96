import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.js'
import { InvalidTemperatureError } from './errors.js'
import { availableKernels } from './kernels.js'
import { edtSequence } from './rules/edt-sequence.js'
import { fixed } from './rules/fixed.js'
import { greedy } from './rules/greedy.js'
import { kld } from './rules/kld.js'
import { createSampler } from './sampler.js'
import { anyLogits, anyUniform, modelLikeLogits } from './testing/logits.js'
import { referenceOrder, referenceProbabilities } from './testing/reference.js'
import type { TemperatureRule, Truncation } from './types.js'

const almostOne = 1 - 2 ** -53

describe.each(availableKernels)('%s kernel', (kernel) => {
  const sample = (logits: Float32Array, temperature: number, truncation: Truncation, uniform: number) =>
    createSampler({ rule: fixed({ temperature }), truncation, kernel }).sample(logits, uniform)

  it('keeps the smallest set of most probable tokens whose probabilities reach topP', () => {
    fc.assert(
      fc.property(anyLogits, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (logits, topP) => {
        const { nucleusSize } = sample(logits, 1, { topP }, 0)
        const p = referenceProbabilities(logits)
        const order = referenceOrder(logits)
        const massOf = (count: number) => order.slice(0, count).reduce((sum, token) => sum + p[token], 0)
        expect(massOf(nucleusSize)).toBeGreaterThanOrEqual(topP - 1e-5)
        expect(massOf(nucleusSize - 1)).toBeLessThan(topP + 1e-5)
      }),
    )
  })

  it('splits ties at the edge of the nucleus by id: the lower ids stay', () => {
    const logits = Float32Array.of(0, 5, 0, 5, 0, 5, 0, 5)
    // Four tokens of almost 1/4 each: three reach 0.7, and they are the first three.
    expect(sample(logits, 1, { topP: 0.7 }, almostOne)).toMatchObject({ token: 5, nucleusSize: 3 })
    expect(sample(logits, 1, { topK: 2, topP: 1 }, almostOne)).toMatchObject({ token: 3, nucleusSize: 2 })
  })

  it('splits one long run of ties as well as short ones', () => {
    const logits = new Float32Array(5000).fill(1)
    for (const topK of [1, 2, 63, 64, 65, 4097, 5000]) {
      expect(sample(logits, 1, { topK, topP: 1 }, almostOne)).toMatchObject({ token: topK - 1, nucleusSize: topK })
    }
  })

  it('applies top-k before top-p: the nucleus is of what top-k left', () => {
    const logits = Float32Array.of(...[0.4, 0.3, 0.2, 0.1].map(Math.log))
    // Of {4, 3}/7 the first has 0.57; of the whole distribution 0.6 would need two.
    expect(sample(logits, 1, { topK: 2, topP: 0.55 }, 0).nucleusSize).toBe(1)
    expect(sample(logits, 1, { topP: 0.55 }, 0).nucleusSize).toBe(2)
  })

  it('applies min-p relative to the most probable token, after the temperature', () => {
    const logits = Float32Array.of(...[0.6, 0.3, 0.1].map(Math.log))
    expect(sample(logits, 1, { topP: 1, minP: 0.4 }, 0).nucleusSize).toBe(2)
    expect(sample(logits, 2, { topP: 1, minP: 0.4 }, 0).nucleusSize).toBe(3)
    expect(sample(logits, 1, { topP: 1, minP: 1 }, almostOne)).toMatchObject({ token: 0, nucleusSize: 1 })
  })

  it('keeps the tokens within n standard deviations of the highest raw logit, whatever the temperature', () => {
    // Mean 2, σ = √((36 + 0 + 4 + 16) / 4) of the finite ones; the banned token counts for nothing.
    const logits = Float32Array.of(8, 2, 0, Number.NEGATIVE_INFINITY, -2)
    const sigma = Math.sqrt(14)
    for (const temperature of [0.5, 1, 40, 1e35]) {
      const kept = (topNSigma: number) => sample(logits, temperature, { topNSigma, topP: 1 }, 0).nucleusSize
      expect([1, 6.1 / sigma, 8.1 / sigma, 10.1 / sigma].map(kept)).toEqual([1, 2, 3, 4])
    }
  })

  it('applies top-nσ before top-p: the nucleus is of what top-nσ left', () => {
    const logits = Float32Array.of(...[0.4, 0.3, 0.2, 0.1].map(Math.log))
    // Kept are 0.4 and 0.3: the first has 0.57 of them; of the whole distribution 0.55 would need two.
    expect(sample(logits, 1, { topNSigma: 1, topP: 0.55 }, 0).nucleusSize).toBe(1)
    expect(sample(logits, 1, { topNSigma: 1, topP: 0.6 }, 0).nucleusSize).toBe(2)
    expect(sample(logits, 1, { topNSigma: 1, topP: 1 }, 0).nucleusSize).toBe(2)
  })

  it('walks through the kept tokens in the order of their ids as the uniform number grows', () => {
    const logits = modelLikeLogits(200, 8, { peak: 0 })
    const tokens = Array.from({ length: 1000 }, (_, i) => sample(logits, 1, { topP: 0.9 }, i / 1000).token)
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b))
    expect(new Set(tokens).size).toBeGreaterThan(10)
  })

  it.each([0, 5e-324, 1e-300, 1e-40, 1e-9])(
    'draws the most probable token at temperature %f, never NaN',
    (temperature) => {
      fc.assert(
        fc.property(anyLogits, anyUniform, (logits, uniform) => {
          const { token, probability } = sample(Float32Array.from(logits, Math.fround), temperature, {}, uniform)
          const max = Math.max(...logits)
          if (temperature === 0) expect(token).toBe(logits.indexOf(max))
          expect(max - logits[token]).toBeLessThanOrEqual(100 * temperature)
          expect(probability).toBeGreaterThan(0)
          expect(probability).toBeLessThanOrEqual(1)
        }),
      )
    },
  )

  it('takes the lowest id among equal maxima when greedy', () => {
    const sampler = createSampler({ rule: greedy(), kernel })
    expect(sampler.sample(Float32Array.of(1, 7, 7, 2, 7), 0.9)).toMatchObject({
      token: 1,
      temperature: 0,
      nucleusSize: 1,
    })
  })

  it('survives huge temperatures, where all tokens that can be drawn become equal', () => {
    const logits = Float32Array.of(Number.NEGATIVE_INFINITY, 30, -30, 0)
    for (const temperature of [1e6, 1e30, 1e300]) {
      const { probability, nucleusSize, token } = sample(logits, temperature, { topP: 1 }, 0)
      expect(probability).toBeCloseTo(1 / 3, 4)
      expect([nucleusSize, token]).toEqual([3, 1])
    }
  })

  it('does not change the row and does not remember the one before', () => {
    const short = modelLikeLogits(50, 1)
    const long = modelLikeLogits(5000, 2)
    const copy = Float32Array.from(short)
    const before = sample(short, 1.2, {}, 0.6)
    sample(long, 1.2, {}, 0.6)
    expect(sample(short, 1.2, {}, 0.6)).toEqual(before)
    expect(short).toEqual(copy)
  })
})

it('names rule and truncation in its signature', () => {
  const rule = fixed({ temperature: 0.8 })
  expect(createSampler({ rule }).signature).toBe('fixed|temperature:0.8|top_p:0.95')
  expect(createSampler({ rule, truncation: { topNSigma: 1, topP: 1 } }).signature).toBe(
    'fixed|temperature:0.8|top_n_sigma:1|top_p:1',
  )
  expect(createSampler({ rule, truncation: { topK: 40, topP: 1, minP: 0.1 } }).signature).toBe(
    'fixed|temperature:0.8|top_k:40|top_p:1|min_p:0.1',
  )
})

it('asks for the row without the source when the rule compares two', () => {
  const sampler = createSampler({ rule: kld({ temperature: 1, bandwidth: 1 }) })
  expect(sampler.needsContrast).toBe(true)
  expect(() => sampler.sample(Float32Array.of(1, 2), 0.5)).toThrow(
    "contrastLogits must be the same step's logits without the source, which the rule kld needs, but is missing.",
  )
})

it('asks for the earlier steps when the rule looks at them', () => {
  const sampler = createSampler({ rule: edtSequence({ t0: 1, theta: 1 }) })
  expect(sampler.needsHistory).toBe(true)
  expect(() => sampler.sample(Float32Array.of(1, 2), 0.5)).toThrow(
    "history must be the row's earlier steps, which the rule edt-sequence needs, but is missing.",
  )
})

it('refuses a temperature that is none', () => {
  for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
    const rule: TemperatureRule = { name: 'bad', signature: 'bad', upperBound: 1, temperature: () => bad }
    expect(() => createSampler({ rule }).sample(Float32Array.of(1, 2), 0.5)).toThrow(InvalidTemperatureError)
  }
})

it.each([-0.1, 1, Number.NaN])('refuses the uniform number %f', (uniform) => {
  expect(() => createSampler({ rule: greedy() }).sample(Float32Array.of(1, 2), uniform)).toThrow(InvalidOptionError)
})

it.each<[Truncation, string]>([
  [{ topK: -1 }, 'topK must be a whole number ≥ 0 (0 keeps all), but is -1.'],
  [{ topK: 1.5 }, 'topK must be a whole number ≥ 0 (0 keeps all), but is 1.5.'],
  [{ topNSigma: -1 }, 'topNSigma must be a finite number ≥ 0 (0 keeps all), but is -1.'],
  [{ topP: 0 }, 'topP must be above 0 and at most 1 (1 keeps all), but is 0.'],
  [{ topP: Number.NaN }, 'topP must be above 0 and at most 1 (1 keeps all), but is NaN.'],
  [{ minP: 1.1 }, 'minP must be between 0 and 1 (0 keeps all), but is 1.1.'],
])('refuses the truncation %j', (truncation, message) => {
  expect(() => createSampler({ rule: greedy(), truncation })).toThrow(message)
})

it('refuses a kernel that this machine does not have', () => {
  expect(() => createSampler({ rule: greedy(), kernel: 'cuda' as 'plain' })).toThrow(
    /kernel must be one of .*plain on this machine/,
  )
})
