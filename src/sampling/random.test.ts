import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.js'
import { randomStream } from './random.js'
import { chiSquare } from './testing/chi-square.js'

const take = (count: number, seed: number, ...keys: (string | number)[]) => {
  const stream = randomStream(seed, ...keys)
  return Array.from({ length: count }, () => stream.next())
}

describe('randomStream', () => {
  it('gives the same numbers for the same seed and keys, today and tomorrow', () => {
    expect(take(20, 7, 'answer', 'p1', 3)).toEqual(take(20, 7, 'answer', 'p1', 3))
    // Golden: stores and checkpoints were made with these streams, so they may never change.
    expect(take(3, 0)).toEqual([0.8171044532285828, 0.2301582170784734, 0.3033896499385863])
    expect(take(3, 42, 'summarize', 'prompt-1', 4)).toEqual([
      0.7518748376338819, 0.1910039373541148, 0.9504849392571706,
    ])
  })

  it('gives unrelated numbers for any other seed, key, order, type or number of keys', () => {
    const streams = [
      take(4, 1),
      take(4, 2),
      take(4, 1.5),
      take(4, -1),
      take(4, 1, 0),
      take(4, 1, '0'),
      take(4, 1, ''),
      take(4, 1, 0, 0),
      take(4, 1, 'ab'),
      take(4, 1, 'a', 'b'),
      take(4, 1, 'b', 'a'),
      take(4, 1, 2 ** 40),
      take(4, 1, 2 ** 41),
    ]
    expect(new Set(streams.flat()).size).toBe(4 * streams.length)
  })

  it('is uniform on [0, 1) within a stream and across neighbouring keys', () => {
    for (const numbers of [take(20_000, 3), Array.from({ length: 20_000 }, (_, i) => take(1, 3, i)[0])]) {
      const observed = new Array(64).fill(0)
      for (const number of numbers) observed[Math.floor(number * 64)]++
      const { statistic, critical } = chiSquare(observed, new Array(64).fill(1 / 64))
      expect(statistic).toBeLessThan(critical)
    }
  })

  it('has no correlation between the first numbers of neighbouring keys', () => {
    const pairs = Array.from({ length: 5000 }, (_, i) => [take(1, 3, 'p', i)[0] - 0.5, take(1, 3, 'p', i + 1)[0] - 0.5])
    const correlation = pairs.reduce((sum, [a, b]) => sum + a * b, 0) / (pairs.length / 12)
    expect(Math.abs(correlation)).toBeLessThan(0.06) // four standard errors
  })

  it('refuses a seed or key that is no finite number', () => {
    expect(() => randomStream(Number.NaN)).toThrow(InvalidOptionError)
    expect(() => randomStream(Number.NaN)).toThrow('seed must be a finite number, but is NaN.')
    expect(() => randomStream(1, 'a', Number.POSITIVE_INFINITY)).toThrow(
      'key 2 of the random stream must be a finite number',
    )
  })
})
