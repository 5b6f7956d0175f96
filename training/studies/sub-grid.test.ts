import { describe, expect, it } from 'vitest'
import { cellOf } from '../../src/tuner/index.js'
import type { Grid, SurfaceSet } from '../types.js'
import { restrictToGrid, subGrid } from './sub-grid.js'

const grid: Grid = { t0: [0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }

describe('a smaller grid', () => {
  it('spans the same ranges with fewer values', () => {
    expect(subGrid(grid, 2)).toEqual({ t0: [0.2, 2.2], theta: [0, 6] })
    expect(subGrid(grid, 3)).toEqual({ t0: [0.2, 1, 2.2], theta: [0, 1.5, 6] })
    expect(subGrid(grid, 6)).toEqual({ t0: [0.2, 0.5, 0.8, 1.3, 1.7, 2.2], theta: grid.theta })
    expect(subGrid(grid, 7)).toEqual(grid)
  })

  it('has the surfaces of its own cells', () => {
    const cells = Array.from({ length: 35 }, (_, cell) => cellOf(grid, cell))
    const quality = Float32Array.from(cells, ({ t0, theta }) => 10 * t0 + theta)
    const selfBleu = quality.map((value) => 100 - value)
    const surface = { promptId: 'p', task: 'a', split: 'train' as const, features: new Float32Array(1) }
    const set: SurfaceSet = {
      ...{ grid, featureVersion: 1, featureNames: ['prompt.x'], signatures: {}, samples: 5 },
      surfaces: [{ ...surface, quality, selfBleu }],
    }
    const small = restrictToGrid(set, { t0: [0.2, 1.3], theta: [0.5, 6] })
    expect(small.grid).toEqual({ t0: [0.2, 1.3], theta: [0.5, 6] })
    const expected = Float32Array.of(2.5, 8, 13.5, 19)
    expect(small.surfaces).toEqual([{ ...surface, quality: expected, selfBleu: expected.map((value) => 100 - value) }])
    expect(set.surfaces[0].quality).toHaveLength(35)
  })
})
