import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaBetween } from './area.js'

const line = (points: [number, number][]) => ({
  selfBleu: points.map(([x]) => x),
  quality: points.map(([, y]) => y),
})
const level = (y: number, from = 0, to = 1) =>
  line([
    [from, y],
    [to, y],
  ])

const curves = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 2,
    maxLength: 12,
  })
  .map(line)

describe('areaBetween', () => {
  it('is the distance of two level curves, over what they have in common', () => {
    expect(areaBetween(level(0.75, 0, 0.6), level(0.5, 0.2, 1))).toEqual({ meanGap: 0.25, range: [0.2, 0.6] })
  })

  it('integrates broken lines exactly, wherever they have their points', () => {
    const tent = line([
      [0, 0],
      [0.5, 1],
      [1, 0],
    ])
    expect(areaBetween(tent, level(0)).meanGap).toBeCloseTo(0.5, 12)
    // From a quarter to three quarters the tent is at least a half, and on average three quarters high.
    expect(areaBetween(tent, level(0, 0.25, 0.75)).meanGap).toBeCloseTo(0.75, 12)
  })

  it('lets gains and losses cancel', () => {
    const rising = line([
      [0, 0],
      [1, 1],
    ])
    expect(areaBetween(rising, level(0.5)).meanGap).toBeCloseTo(0, 12)
  })

  it('takes points in any order, and the mean of points above one another', () => {
    const shuffled = line([
      [1, 0],
      [0, 0],
      [0.5, 0.5],
      [0.5, 1.5],
    ])
    expect(areaBetween(shuffled, level(0)).meanGap).toBeCloseTo(0.5, 12)
  })

  it('has an empty range and no area where the curves share no Self-BLEU', () => {
    const { meanGap, range } = areaBetween(level(1, 0, 0.3), level(0, 0.4, 1))
    expect(meanGap).toBe(0)
    expect(range[0]).toBeGreaterThan(range[1])
  })

  it('turns its sign with the curves and is zero between a curve and itself', () => {
    fc.assert(
      fc.property(curves, curves, (a, b) => {
        expect(areaBetween(a, b).meanGap).toBeCloseTo(-areaBetween(b, a).meanGap, 9)
        expect(areaBetween(a, a).meanGap).toBe(0)
      }),
    )
  })

  it('agrees with a fine sum', () => {
    fc.assert(
      fc.property(curves, curves, (a, b) => {
        const { meanGap, range } = areaBetween(a, b)
        fc.pre(range[1] - range[0] > 1e-3)
        // A level curve as narrow as the sum's strips cuts out one strip after the other.
        const strips = 40
        let total = 0
        for (let i = 0; i < strips; i++) {
          const [from, to] = [i, i + 1].map((k) => range[0] + ((range[1] - range[0]) * k) / strips)
          const strip = level(0, from, to)
          total += (areaBetween(a, strip).meanGap - areaBetween(b, strip).meanGap) / strips
        }
        expect(meanGap).toBeCloseTo(total, 6)
      }),
      { numRuns: 30 },
    )
  })
})
