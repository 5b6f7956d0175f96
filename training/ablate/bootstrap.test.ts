import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/sampling/random.js'
import {
  edaDifference,
  observedScores,
  type PairedScores,
  type PromptScores,
  percentileInterval,
  resampleScores,
  twoSidedP,
} from './bootstrap.js'
import { shareOfHeadroom } from './headroom.js'

/** Scores of one strategy around given means; `hardness` is shared by the strategies of a prompt. */
function scoresAround(quality: number, selfBleu: number, hardness: Float64Array, seed: number): PromptScores {
  const random = randomStream(seed, 'scores')
  const noise = () => (random.next() - 0.5) * 0.2
  return {
    quality: hardness.map((h) => quality + h + noise()),
    selfBleu: hardness.map((h) => selfBleu - h + noise()),
  }
}

function hardnessOf(count: number, seed: number): Float64Array {
  const random = randomStream(seed, 'hardness')
  return Float64Array.from({ length: count }, () => (random.next() - 0.5) * 0.6)
}

function compare(scores: PairedScores, strategy: string, baseline: string, resamples: number, seed: number) {
  const resampled = resampleScores(scores, { resamples, seed })
  return edaDifference(
    {
      strategy: observedScores(scores.strategies[strategy]).eda,
      baseline: observedScores(scores.strategies[baseline]).eda,
    },
    { strategy: resampled[strategy].eda, baseline: resampled[baseline].eda },
  )
}

describe('resampleScores', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const scores = {
      strata: new Array(40).fill('a'),
      strategies: { x: scoresAround(0.8, 0.4, hardnessOf(40, 1), 1) },
    }
    const [once, again, other] = [7, 7, 8].map((seed) => resampleScores(scores, { resamples: 50, seed }))
    expect(again).toEqual(once)
    expect(other).not.toEqual(once)
  })

  it('spreads the mean as the standard error says', () => {
    const quality = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0.4 : 0.6)) // standard deviation 0.1
    const scores = { strata: new Array(100).fill('a'), strategies: { x: { quality, selfBleu: quality } } }
    const { x } = resampleScores(scores, { resamples: 4000, seed: 3 })
    const [low, high] = percentileInterval(x.quality)
    expect(high - low).toBeCloseTo(2 * 1.96 * 0.01, 2)
    expect((low + high) / 2).toBeCloseTo(0.5, 2)
  })

  it('keeps the number of prompts of each task, so that a difference between tasks adds no spread', () => {
    const strata = ['a', 'a', 'a', 'b', 'b']
    const quality = Float64Array.from([0.9, 0.9, 0.9, 0.1, 0.1])
    const { x } = resampleScores(
      { strata, strategies: { x: { quality, selfBleu: quality } } },
      { resamples: 200, seed: 1 },
    )
    for (const value of x.quality) expect(value).toBeCloseTo(2.9 / 5, 12)
  })

  it('mixes the tasks when one of them has a single prompt, which alone would never change', () => {
    const quality = Float64Array.from([0.9, 0.1])
    const scores = { strata: ['a', 'b'], strategies: { x: { quality, selfBleu: quality } } }
    expect(new Set(resampleScores(scores, { resamples: 50, seed: 1 }).x.quality).size).toBe(3)
  })

  it('refuses scores that do not belong to the prompts', () => {
    const x = { quality: new Float64Array(3), selfBleu: new Float64Array(2) }
    const options = { seed: 1, resamples: 1 }
    expect(() => resampleScores({ strata: ['a', 'a', 'a'], strategies: { x } }, options)).toThrow(
      'scores of x must be of 3 prompts, but is 2.',
    )
    expect(() => resampleScores({ strata: [], strategies: {} }, options)).toThrow('at least one prompt')
  })
})

describe('edaDifference', () => {
  it('finds a small difference that pairing lets it see', () => {
    const hardness = hardnessOf(200, 4)
    const baseline = scoresAround(0.8, 0.5, hardness, 5)
    const strategy = scoresAround(0.81, 0.48, hardness, 6)
    const { difference, interval, p } = compare(
      { strata: new Array(200).fill('a'), strategies: { strategy, baseline } },
      'strategy',
      'baseline',
      2000,
      1,
    )
    expect(difference).toBeLessThan(0)
    expect(interval[0]).toBeLessThan(difference)
    expect(interval[1]).toBeGreaterThan(difference)
    expect(interval[1]).toBeLessThan(0)
    expect(p).toBeLessThan(0.05)
  })

  it('calls about one in twenty differences real where there is none', () => {
    let calledReal = 0
    for (let seed = 0; seed < 300; seed++) {
      const hardness = hardnessOf(60, seed)
      const [x, y] = [1, 2].map((i) => scoresAround(0.8, 0.5, hardness, 1000 * i + seed))
      const scores = { strata: new Array(60).fill('a'), strategies: { x, y } }
      const { p, interval } = compare(scores, 'x', 'y', 400, seed)
      if (p < 0.05) {
        calledReal++
        expect(interval[0] > 0 || interval[1] < 0).toBe(true)
      }
    }
    expect(calledReal).toBeGreaterThanOrEqual(5)
    expect(calledReal).toBeLessThanOrEqual(30)
  })

  it('is exactly zero, with p = 1, for a strategy against itself', () => {
    const x = scoresAround(0.8, 0.5, hardnessOf(30, 1), 1)
    const scores = { strata: new Array(30).fill('a'), strategies: { x, y: x } }
    expect(compare(scores, 'x', 'y', 100, 1)).toEqual({ difference: 0, interval: [0, 0], p: 1 })
  })

  it('never reports p = 0', () => {
    expect(twoSidedP(Float64Array.from({ length: 999 }, (_, i) => -1 - i))).toBeCloseTo(2 / 1000, 12)
  })

  it('concludes nothing from a single prompt', () => {
    const one = (value: number) => ({ quality: Float64Array.of(value), selfBleu: Float64Array.of(0) })
    const scores = { strata: ['a'], strategies: { x: one(0.9), y: one(0.1) } }
    expect(compare(scores, 'x', 'y', 100, 1).p).toBe(1)
  })
})

describe('shareOfHeadroom', () => {
  const fill = (value: number) => new Float64Array(1000).fill(value)

  it('is the ratio where the headroom is clear', () => {
    const jitter = (value: number, size: number, seed: number) => {
      const random = randomStream(seed, 'jitter')
      return fill(value).map((v) => v + (random.next() - 0.5) * size)
    }
    const share = shareOfHeadroom(
      { bestFixed: 40, learned: 38, oracle: 36 },
      { bestFixed: jitter(40, 0.5, 1), learned: jitter(38, 0.5, 2), oracle: jitter(36, 0.5, 3) },
    )
    expect(share.share).toBe(0.5)
    expect(share.headroom).toBe(4)
    expect(share.interval[0]).toBeGreaterThan(0.35)
    expect(share.interval[1]).toBeLessThan(0.65)
    expect(share.caution).toBeUndefined()
  })

  it('leaves the interval open above when the headroom may be zero and the tuner is ahead', () => {
    const oracle = fill(39.5).map((eda, r) => (r % 10 === 0 ? 40.1 : eda)) // headroom below zero in one resample of ten
    const share = shareOfHeadroom(
      { bestFixed: 40, learned: 39.8, oracle: 39.6 },
      { bestFixed: fill(40), learned: fill(39.8), oracle },
    )
    expect(share.share).toBeCloseTo(0.5, 9)
    expect(share.interval[0]).toBeCloseTo(0.4, 9)
    expect(share.interval[1]).toBeNull()
    expect(share.caution).toContain('contains zero')
  })

  it('names no share when the oracle is behind', () => {
    const share = shareOfHeadroom(
      { bestFixed: 40, learned: 39, oracle: 41 },
      { bestFixed: fill(40), learned: fill(39), oracle: fill(41) },
    )
    expect(share.share).toBeNull()
    expect(share.interval).toEqual([null, null])
    expect(share.caution).toContain('no headroom')
  })
})
