import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../errors.js'
import { dynatemp } from './dynatemp.js'
import { fixed } from './fixed.js'
import { greedy } from './greedy.js'
import { kld } from './kld.js'

const vocabularySize = 1000

describe('greedy and fixed', () => {
  it('ignore the entropy', () => {
    for (const entropy of [0, 1, 6]) {
      expect(greedy().temperature({ entropy, vocabularySize })).toBe(0)
      expect(fixed({ temperature: 0.8 }).temperature({ entropy, vocabularySize })).toBe(0.8)
    }
  })

  it('take a temperature of 0 as greedy', () => {
    expect(fixed({ temperature: 0 }).temperature({ entropy: 1, vocabularySize })).toBe(0)
  })
})

describe('dynatemp', () => {
  const at = (entropy: number, exponent?: number) =>
    dynatemp({ min: 0.2, max: 1.8, exponent }).temperature({ entropy, vocabularySize })

  it('goes from min for a certain model to max for a uniform one', () => {
    expect(at(0)).toBe(0.2)
    expect(at(Math.log(vocabularySize))).toBe(1.8)
    expect(at(Math.log(vocabularySize) / 2)).toBeCloseTo(1, 14)
    expect(at(Math.log(vocabularySize) / 2, 2)).toBeCloseTo(0.2 + 1.6 / 4, 14)
  })

  it('never cools down as the entropy grows', () => {
    const entropies = fc.double({ min: 0, max: Math.log(vocabularySize), noNaN: true })
    fc.assert(
      fc.property(entropies, entropies, fc.double({ min: 0.1, max: 4, noNaN: true }), (a, b, exponent) => {
        expect(at(Math.min(a, b), exponent)).toBeLessThanOrEqual(at(Math.max(a, b), exponent))
      }),
    )
  })

  it('takes a vocabulary of one token as certain', () => {
    expect(dynatemp({ min: 0.2, max: 1.8 }).temperature({ entropy: 0, vocabularySize: 1 })).toBe(0.2)
  })
})

describe('kld', () => {
  const at = (divergence?: number) =>
    kld({ temperature: 1.2, bandwidth: 0.5 }).temperature({ entropy: 1, vocabularySize, divergence })

  it('halves the temperature with every bandwidth of divergence', () => {
    expect(at(0)).toBe(1.2)
    expect(at(0.5)).toBeCloseTo(0.6, 14)
    expect(at(1)).toBeCloseTo(0.3, 14)
    expect(at(1e6)).toBe(0)
  })

  it('refuses to work without the divergence', () => {
    expect(() => at()).toThrow('kld: divergence must be the KL divergence of the two rows, but is missing.')
  })
})

it.each([
  [() => fixed({ temperature: -1 }), 'fixed: temperature must be a finite number ≥ 0, but is -1.'],
  [() => fixed({ temperature: Number.POSITIVE_INFINITY }), 'fixed: temperature must be a finite number ≥ 0'],
  [() => dynatemp({ min: -1, max: 1 }), 'dynatemp: min must be a finite number ≥ 0, but is -1.'],
  [() => dynatemp({ min: 0.5, max: 0.4 }), 'dynatemp: max must be a finite number ≥ 0.5, but is 0.4.'],
  [() => dynatemp({ min: 0, max: 1, exponent: 0 }), 'dynatemp: exponent must be a finite number > 0, but is 0.'],
  [() => kld({ temperature: Number.NaN, bandwidth: 1 }), 'kld: temperature must be a finite number ≥ 0, but is NaN.'],
  [() => kld({ temperature: 1, bandwidth: 0 }), 'kld: bandwidth must be a finite number > 0, but is 0.'],
])('refuses a value out of its range: %s', (create, message) => {
  expect(create).toThrow(InvalidOptionError)
  expect(create).toThrow(message)
})
