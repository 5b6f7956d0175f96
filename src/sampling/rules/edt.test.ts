import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../errors.js'
import { createSampler } from '../sampler.js'
import { modelLikeLogits } from '../testing/logits.js'
import { edt } from './edt.js'

const temperature = (t0: number, theta: number, entropy: number) =>
  edt({ t0, theta }).temperature({ entropy, vocabularySize: 1e6 })
const t0s = fc.double({ min: 0, max: 3, noNaN: true })
const thetas = fc.double({ min: 0, max: 10, noNaN: true })
const entropies = fc.double({ min: 0, max: 12, noNaN: true })

describe('edt', () => {
  it('is T0 · 0.8^(θ / H)', () => {
    expect(temperature(0.6, 0.1, 2)).toBeCloseTo(0.6 * 0.8 ** 0.05, 14)
    expect(temperature(1.3, 3, 0.5)).toBeCloseTo(1.3 * 0.8 ** 6, 14)
    expect(edt({ t0: 1, theta: 2, base: 0.5 }).temperature({ entropy: 1, vocabularySize: 10 })).toBeCloseTo(0.25, 14)
  })

  it('never cools down as the entropy grows', () => {
    fc.assert(
      fc.property(t0s, thetas, entropies, entropies, (t0, theta, a, b) => {
        expect(temperature(t0, theta, Math.min(a, b))).toBeLessThanOrEqual(temperature(t0, theta, Math.max(a, b)))
      }),
    )
  })

  it('never warms up as θ grows', () => {
    fc.assert(
      fc.property(t0s, thetas, thetas, entropies, (t0, a, b, entropy) => {
        expect(temperature(t0, Math.max(a, b), entropy)).toBeLessThanOrEqual(temperature(t0, Math.min(a, b), entropy))
      }),
    )
  })

  it('goes to 0 with the entropy and towards T0 as the entropy grows', () => {
    expect(temperature(1, 0.1, 0)).toBe(0)
    expect(temperature(1, 0.1, 1e-12)).toBe(0)
    expect(temperature(1, 0.1, Math.log(151_936))).toBeGreaterThan(0.998)
    expect(temperature(1, 0.1, 1e9)).toBeCloseTo(1, 9)
  })

  it('is a fixed temperature when θ is 0, also for a certain model', () => {
    for (const entropy of [0, 1e-300, 0.1, 11]) {
      expect(temperature(0.7, 0, entropy)).toBe(0.7)
      expect(temperature(0.7, 5e-324, entropy)).toBe(0.7)
    }
  })

  it('never underflows to NaN and the last vocabulary id, as the floor of 1e-6 on H does', () => {
    const logits = new Float32Array(1000).fill(Number.NEGATIVE_INFINITY)
    logits[17] = 5
    // What the naive code does: 0.8^(3 / 1e-6) underflows to 0, logits / 0 is NaN, and the search of the cumulative sums
    // runs through to the last id without ever finding a larger one.
    const naiveTemperature = 1 * 0.8 ** (3 / Math.max(0, 1e-6))
    const naive = Array.from(logits, (logit) => Math.exp((logit - 5) / naiveTemperature))
    expect(naiveTemperature).toBe(0)
    expect(naive[17]).toBeNaN()

    for (const theta of [0.001, 0.1, 3, 1e6]) {
      const sampler = createSampler({ rule: edt({ t0: 1, theta }) })
      for (const uniform of [0, 0.5, 1 - 2 ** -53]) {
        expect(sampler.sample(logits, uniform)).toMatchObject({ token: 17, entropy: 0, temperature: 0, probability: 1 })
      }
    }
  })

  it('draws the argmax whenever an almost certain row drives the temperature towards 0', () => {
    for (const lead of [5, 10, 20, 40, 80]) {
      const logits = modelLikeLogits(500, 4).map((logit) => Math.min(logit, 10))
      logits[123] = 10 + lead
      const sampler = createSampler({ rule: edt({ t0: 1, theta: 5 }) })
      const { token, temperature: chosen, probability } = sampler.sample(logits, 1 - 2 ** -53)
      expect(token).toBe(123)
      expect(probability).toBe(1)
      expect(chosen).toBeGreaterThanOrEqual(0)
      expect(chosen).toBeLessThanOrEqual(1)
    }
  })

  it.each([
    [{ t0: -0.1, theta: 1 }, 'edt: t0 must be a finite number ≥ 0, but is -0.1.'],
    [{ t0: Number.NaN, theta: 1 }, 'edt: t0 must be a finite number ≥ 0, but is NaN.'],
    [{ t0: 1, theta: -1 }, 'edt: theta must be a finite number ≥ 0, but is -1.'],
    [{ t0: 1, theta: 1, base: 1 }, 'edt: base must be between 0 and 1 (both excluded), but is 1.'],
  ])('refuses %j', (options, message) => {
    expect(() => edt(options)).toThrow(InvalidOptionError)
    expect(() => edt(options)).toThrow(message)
  })
})
