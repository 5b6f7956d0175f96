import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellAt, cellCount, cellOf, checkGrid, positionOf } from './grid.js'
import type { Grid } from './types.js'

const grid: Grid = { t0: [0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }
const place = fc.record({
  t0: fc.double({ min: 0, max: 6, noNaN: true }),
  theta: fc.double({ min: 0, max: 4, noNaN: true }),
})

describe('places on the grid', () => {
  it('gives exactly the numbers of a cell on that cell', () => {
    for (let index = 0; index < cellCount(grid); index++) {
      const cell = cellOf(grid, index)
      const position = positionOf(grid, cell)
      expect(position).toEqual({ t0: Math.floor(index / 5), theta: index % 5 })
      expect(cellAt(grid, position)).toEqual(cell)
    }
  })

  it('goes halfway in T0, and in ln(1 + θ), between two cells', () => {
    const { t0, theta } = cellAt(grid, { t0: 1.5, theta: 3.5 })
    expect(t0).toBeCloseTo(0.65, 12)
    expect(theta).toBeCloseTo(Math.sqrt(4 * 7) - 1, 12)
  })

  it('moves what is outside to the edge', () => {
    expect(cellAt(grid, { t0: -3, theta: 99 })).toEqual({ t0: 0.2, theta: 6 })
    expect(positionOf(grid, { t0: 0.01, theta: 100 })).toEqual({ t0: 0, theta: 4 })
  })

  it('finds the place of any setting back', () => {
    fc.assert(
      fc.property(place, (position) => {
        const back = positionOf(grid, cellAt(grid, position))
        expect(back.t0).toBeCloseTo(position.t0, 9)
        expect(back.theta).toBeCloseTo(position.theta, 9)
      }),
    )
  })

  it('never leaves the range of the grid and grows along each axis', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [x, y] = [cellAt(grid, a), cellAt(grid, b)]
        for (const axis of ['t0', 'theta'] as const) {
          expect(x[axis]).toBeGreaterThanOrEqual(grid[axis][0])
          expect(x[axis]).toBeLessThanOrEqual(grid[axis][grid[axis].length - 1])
          if (a[axis] < b[axis]) expect(x[axis]).toBeLessThanOrEqual(y[axis])
        }
      }),
    )
  })

  it('works on axes of one cell', () => {
    const single: Grid = { t0: [0.7], theta: [0] }
    expect(cellAt(single, { t0: 0.4, theta: -1 })).toEqual({ t0: 0.7, theta: 0 })
    expect(positionOf(single, { t0: 3, theta: 3 })).toEqual({ t0: 0, theta: 0 })
  })

  it.each([
    ['grid.t0', { t0: [0, 1], theta: [0] }],
    ['grid.t0', { t0: [1, 0.5], theta: [0] }],
    ['grid.t0', { t0: [], theta: [0] }],
    ['grid.theta', { t0: [1], theta: [-1, 0] }],
    ['grid.theta', { t0: [1], theta: [0, 0] }],
    ['grid.theta', { t0: [1], theta: [Number.NaN] }],
  ])('refuses a bad axis %s', (name, bad) => {
    expect(() => checkGrid(bad)).toThrow(name)
  })
})
