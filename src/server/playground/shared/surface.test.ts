import { beforeAll, describe, expect, it } from 'vitest'
import { cellCount, cellOf } from '../../../tuner/grid.js'
import { loadTuner } from '../../../tuner/index.js'
import { playgroundSettings } from '../settings.js'
import { bestCell, edaAt, edaOfCells, pooledSurface } from './surface.js'
import type { PlaygroundTuner } from './types.js'

let tuner: PlaygroundTuner
let perTask: Record<string, { t0: number; theta: number }>

beforeAll(async () => {
  const { metadata } = await loadTuner('debian-6m/universal')
  perTask = metadata.bestCells.perTask
  const model = { id: 'debian-6m', dtype: 'q8', device: 'cpu', hasChatTemplate: false, tuner: metadata }
  tuner = (await playgroundSettings(model)).tuner!
})

describe('the map', () => {
  it('finds the best cells that training found', () => {
    const found = Object.entries(tuner.surfaces).map(([task, surface]) => [
      task,
      cellOf(tuner.grid, bestCell(edaOfCells(surface, 0.5))),
    ])
    expect(Object.fromEntries(found)).toEqual(perTask)
    const pooled = pooledSurface(Object.values(tuner.surfaces))
    expect(cellOf(tuner.grid, bestCell(edaOfCells(pooled, 0.5)))).toEqual(tuner.best.fixed)
  })

  it('counts quality alone near balance 1 and diversity alone near 0', () => {
    const { quality, selfBleu, bestQuality, ...rest } = tuner.surfaces.answer
    const surface = { ...rest, quality, selfBleu, bestQuality }
    expect(quality[bestCell(edaOfCells(surface, 1))]).toBe(Math.max(...quality))
    expect(selfBleu[bestCell(edaOfCells(surface, 0))]).toBe(Math.min(...selfBleu))
  })

  it('reads a cell’s own number on the cell, and between two cells what lies between', () => {
    const { grid } = tuner
    const surface = tuner.surfaces['translate-fr']
    const edas = edaOfCells(surface, 0.7)
    for (let cell = 0; cell < cellCount(grid); cell++) {
      expect(edaAt(surface, grid, cellOf(grid, cell), 0.7)).toBeCloseTo(edas[cell], 9)
    }
    // Between T0 0.8 and 1 at θ 0: quality and Self-BLEU halfway.
    const [left, right] = [2 * grid.theta.length, 3 * grid.theta.length]
    const middle = (values: readonly number[]) => [(values[left] + values[right]) / 2]
    const halfway = { ...surface, quality: middle(surface.quality), selfBleu: middle(surface.selfBleu) }
    expect(edaAt(surface, grid, { t0: 0.9, theta: 0 }, 0.7)).toBeCloseTo(edaOfCells(halfway, 0.7)[0], 9)
  })
})
