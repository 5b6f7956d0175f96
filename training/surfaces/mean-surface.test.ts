import { describe, expect, it } from 'vitest'
import { bestCells, bestFixedCell, edaOfCells, meanSurfaces } from './mean-surface.js'

const grid = { t0: [0.5, 1], theta: [0, 2] }
const surface = (task: string, quality: number[], selfBleu: number[]) => ({
  task,
  quality: Float32Array.from(quality),
  selfBleu: Float32Array.from(selfBleu),
})

describe('meanSurfaces', () => {
  it('is the mean over the prompts of each task', () => {
    const means = meanSurfaces(
      [surface('a', [10, 20], [1, 3]), surface('b', [1, 1], [9, 9]), surface('a', [20, 60], [3, 7])],
      'training',
    )
    expect(means.a).toEqual({ source: 'training', prompts: 2, quality: [15, 40], selfBleu: [2, 5] })
    expect(means.b.prompts).toBe(1)
  })
})

describe('bestCells', () => {
  const references = { a: { bestQuality: 40, worstSelfBleu: 80 }, b: { bestQuality: 20, worstSelfBleu: 40 } }
  // Cells in order: (0.5, 0), (0.5, 2), (1, 0), (1, 2).
  const surfaces = meanSurfaces(
    [
      surface('a', [40, 38, 36, 8], [80, 40, 30, 10]),
      surface('a', [40, 38, 36, 8], [80, 40, 30, 10]),
      surface('b', [20, 20, 10, 2], [40, 8, 20, 4]),
    ],
    'training',
  )

  it('finds the best cell of each task, of all tasks, and the best temperature', () => {
    // By hand: a at (1, 0): q 0.9, d 0.375 → 27.4; b at (0.5, 2): q 1, d 0.2 → 14.1; pooled (1, 0): q 0.767, d 0.417 → 33.8;
    // pooled (0.5, 2): q 0.967, d 0.4 → 28.4.
    expect(bestCells(grid, surfaces, references)).toEqual({
      fixed: { t0: 0.5, theta: 2 },
      fixedTemperature: 1,
      perTask: { a: { t0: 1, theta: 0 }, b: { t0: 0.5, theta: 2 } },
    })
    expect(edaOfCells(surfaces.a, references.a)[2]).toBeCloseTo(27.4, 1)
    expect(edaOfCells(surfaces.b, references.b)[1]).toBeCloseTo(14.1, 1)
  })

  it('finds the best fixed cell for other weights of quality and Self-BLEU', () => {
    const of = (weights: readonly [number, number]) => bestFixedCell(grid, surfaces, references, weights)
    expect(of([0.5, 0.5])).toEqual(bestCells(grid, surfaces, references).fixed)
    expect(of([0.9999, 0.0001])).toEqual({ t0: 0.5, theta: 0 }) // the highest quality
    expect(of([0.0001, 0.9999])).toEqual({ t0: 1, theta: 2 }) // the lowest Self-BLEU
  })

  it('names no temperature when the grid has no θ = 0', () => {
    expect(bestCells({ t0: [0.5, 1], theta: [1, 2] }, surfaces, references).fixedTemperature).toBeUndefined()
  })

  it('refuses a task without Q* and D*', () => {
    expect(() => bestCells(grid, surfaces, { a: references.a })).toThrow('no Q*, D* and best cell for the task b')
  })
})
