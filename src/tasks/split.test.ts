import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkShares, DEFAULT_SHARES, SPLIT_NAMES, splitOf } from './split.js'

describe('splitOf', () => {
  it('gives each split its share', () => {
    const counts = { train: 0, validation: 0, test: 0 }
    for (let i = 0; i < 20_000; i++) counts[splitOf(`document ${i}`, DEFAULT_SHARES)]++
    // Five standard deviations of a share of 60 % are 1.7 %.
    expect(counts.train / 20_000).toBeCloseTo(0.6, 1)
    expect(counts.validation / 20_000).toBeCloseTo(0.15, 1)
    expect(counts.test / 20_000).toBeCloseTo(0.25, 1)
  })

  it('stays as it is for ever, because runs are resumed by it', () => {
    // SHA-256 of a, x and y begin with ca97…, 2d71… and a1fc…: 0.79, 0.18 and 0.63 of the way.
    expect(['a', 'x', 'y'].map((text) => splitOf(text, DEFAULT_SHARES))).toEqual(['test', 'train', 'validation'])
  })

  it('never chooses a split without a share', () => {
    const shares = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).filter((weights) => weights.some((weight) => weight > 0))
    fc.assert(
      fc.property(fc.string(), shares, (text, weights) => {
        expect(weights[SPLIT_NAMES.indexOf(splitOf(text, weights))]).toBeGreaterThan(0)
      }),
    )
  })
})

describe('checkShares', () => {
  it.each([[[1, 2]], [[0, 0, 0]], [[1, -1, 1]], [[1, Number.NaN, 1]]])('refuses %j', (shares) => {
    expect(() => checkShares(shares)).toThrow('splitShares must be three weights of at least 0')
  })
})
