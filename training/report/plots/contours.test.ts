import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eda } from '../../../src/metrics/index.js'
import { contourLabels, edaContours } from './contours.js'

const positive = fc.double({ min: 1, max: 100, noNaN: true })
const plane = fc
  .record({
    bestQuality: positive,
    worstSelfBleu: positive,
    x: positive,
    y: positive,
    width: positive,
    height: positive,
  })
  .map(({ bestQuality, worstSelfBleu, x, y, width, height }) => ({
    reference: { bestQuality, worstSelfBleu },
    domain: { x: [x, x + width] as [number, number], y: [y, y + height] as [number, number] },
  }))

describe('edaContours', () => {
  it('joins points of the EDA that it names', () => {
    fc.assert(
      fc.property(plane, ({ reference, domain }) => {
        // Points below every quality are outside every plot. One expectation for all, since there are a thousand points a plane.
        const off = edaContours(reference, domain)
          .filter(({ y }) => y >= 0)
          .map(({ level, x, y }) => eda({ quality: y, selfBleu: Math.max(0, x), ...reference }).score - level)
        expect(Math.max(0, ...off.map(Math.abs))).toBeLessThan(1e-6)
      }),
    )
  })

  it('has a handful of lines in a plane as reports show it', () => {
    const contours = edaContours({ bestQuality: 40, worstSelfBleu: 80 }, { x: [10, 80], y: [15, 40] })
    expect([...new Set(contours.map(({ level }) => level))]).toEqual([10, 20, 30, 40, 50, 60, 70, 80])
  })
})

describe('contourLabels', () => {
  it('stand on their contour, at the edge where it leaves the plot', () => {
    fc.assert(
      fc.property(plane, ({ reference, domain }) => {
        for (const { level, x, y, edge } of contourLabels(reference, domain)) {
          expect(eda({ quality: y, selfBleu: x, ...reference }).score).toBeCloseTo(level, 6)
          if (edge === 'top') expect(y).toBe(domain.y[1])
          else expect(x).toBe(domain.x[1])
        }
      }),
    )
  })
})
