import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/sampling/random.js'
import { normalizedEda } from '../surfaces/normalized-eda.js'
import { bestSingleCell, chooseCells, means, type NormalizedSurface } from './oracle.js'

/** Tries every combination of cells. */
function bruteForce(surfaces: readonly NormalizedSurface[]): number {
  const cellCount = surfaces[0].quality.length
  let best = Number.POSITIVE_INFINITY
  for (let code = 0; code < cellCount ** surfaces.length; code++) {
    const cells = surfaces.map((_, i) => Math.floor(code / cellCount ** i) % cellCount)
    best = Math.min(best, normalizedEda(...means(surfaces, cells)))
  }
  return best
}

function randomSurfaces(prompts: number, cells: number, seed: number): NormalizedSurface[] {
  const random = randomStream(seed, 'oracle-test')
  const row = () => Float64Array.from({ length: cells }, () => random.next() * 1.2)
  return Array.from({ length: prompts }, () => ({ quality: row(), selfBleu: row() }))
}

describe('chooseCells', () => {
  const value = fc.double({ min: 0, max: 1.5, noNaN: true })
  const instance = fc.integer({ min: 1, max: 4 }).chain((cells) => {
    const row = fc.array(value, { minLength: cells, maxLength: cells })
    return fc.array(fc.record({ quality: row, selfBleu: row }), { minLength: 1, maxLength: 5 })
  })

  it('lies between its own lower bound and the best single cell, and never beats brute force', () => {
    fc.assert(
      fc.property(instance, (surfaces) => {
        const exact = bruteForce(surfaces)
        const { cells, eda, lowerBound } = chooseCells(surfaces)
        expect(eda).toBeCloseTo(normalizedEda(...means(surfaces, cells)), 9)
        expect(eda).toBeGreaterThanOrEqual(exact - 1e-9)
        expect(lowerBound).toBeLessThanOrEqual(exact + 1e-9)
        const fixed = new Array(surfaces.length).fill(bestSingleCell(surfaces))
        expect(eda).toBeLessThanOrEqual(normalizedEda(...means(surfaces, fixed)) + 1e-9)
      }),
    )
  })

  it('is the best cell itself for a single prompt', () => {
    fc.assert(
      fc.property(instance, ([surface]) => {
        expect(chooseCells([surface]).eda).toBeCloseTo(bruteForce([surface]), 9)
      }),
    )
  })

  it('finds the optimum of nearly every tiny instance and stays close to it in the others', () => {
    let exactlySolved = 0
    for (let seed = 0; seed < 200; seed++) {
      const surfaces = randomSurfaces(5, 4, seed)
      const excess = chooseCells(surfaces).eda - bruteForce(surfaces)
      if (excess < 1e-9) exactlySolved++
      expect(excess).toBeLessThan(3)
    }
    expect(exactlySolved).toBeGreaterThanOrEqual(160)
  })

  it('is within a hundredth of an EDA point of the relaxed optimum for 300 prompts and 35 cells', () => {
    const { eda, lowerBound } = chooseCells(randomSurfaces(300, 35, 1))
    expect(lowerBound).toBeGreaterThan(0)
    expect(eda - lowerBound).toBeLessThan(0.01)
  })

  it('weighs quality against Self-BLEU as it is told', () => {
    const surfaces = [{ quality: [0.9, 0.2], selfBleu: [0.9, 0.1] }]
    expect(chooseCells(surfaces, { weights: [0.9, 0.1] }).cells).toEqual([0])
    expect(chooseCells(surfaces, { weights: [0.1, 0.9] }).cells).toEqual([1])
  })

  it('refuses no surfaces and surfaces of unequal length', () => {
    expect(() => chooseCells([])).toThrow('surfaces must be at least one surface')
    expect(() =>
      chooseCells([
        { quality: [1, 1], selfBleu: [0, 0] },
        { quality: [1], selfBleu: [0] },
      ]),
    ).toThrow('surfaces[1] must be of 2 cells, as the first, but is 1.')
  })
})
