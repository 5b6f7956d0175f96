import { eda } from '../../../metrics/eda.js'
import { positionOf } from '../../../tuner/grid.js'
import type { Cell, Grid } from '../../../tuner/types.js'
import type { TaskSurface } from './types.js'

/** EDA_w = 100 · √(w ((Q* − Q) / Q*)² + (1 − w) (D / D*)²) of every cell; w is the balance, ½ is EDA itself (DESIGN §3). */
export function edaOfCells({ quality, selfBleu, bestQuality, worstSelfBleu }: TaskSurface, balance: number): number[] {
  const weights: [number, number] = [balance, 1 - balance]
  return quality.map((q, cell) => {
    return eda({ quality: q, selfBleu: selfBleu[cell], bestQuality, worstSelfBleu, weights }).score
  })
}

/** The cell with the least EDA_w; the first of equals. */
export function bestCell(edas: readonly number[]): number {
  return edas.reduce((best, value, cell) => (value < edas[best] ? cell : best), 0)
}

/** All tasks as one: each prompt's quality and Self-BLEU as percent of its task's Q* and D*. */
export function pooledSurface(surfaces: readonly TaskSurface[]): TaskSurface {
  const prompts = surfaces.reduce((sum, surface) => sum + surface.prompts, 0)
  const mean = (cell: number, of: 'quality' | 'selfBleu', reference: 'bestQuality' | 'worstSelfBleu') =>
    surfaces.reduce((sum, surface) => sum + (surface.prompts * surface[of][cell]) / surface[reference], 0) / prompts
  const cells = surfaces[0].quality.map((_, cell) => cell)
  return {
    prompts,
    quality: cells.map((cell) => 100 * mean(cell, 'quality', 'bestQuality')),
    selfBleu: cells.map((cell) => 100 * mean(cell, 'selfBleu', 'worstSelfBleu')),
    bestQuality: 100,
    worstSelfBleu: 100,
  }
}

/** EDA_w at a setting between the cells: quality and Self-BLEU by bilinear interpolation, as training reads them. */
export function edaAt(surface: TaskSurface, grid: Grid, setting: Cell, balance: number): number {
  const place = positionOf(grid, setting)
  const [row, column] = [Math.floor(place.t0), Math.floor(place.theta)]
  const [down, right] = [place.t0 - row, place.theta - column]
  const read = (values: readonly number[]) => {
    const at = (i: number, j: number) =>
      values[Math.min(i, grid.t0.length - 1) * grid.theta.length + Math.min(j, grid.theta.length - 1)]
    const line = (i: number) => (1 - right) * at(i, column) + right * at(i, column + 1)
    return (1 - down) * line(row) + down * line(row + 1)
  }
  const here = { ...surface, quality: [read(surface.quality)], selfBleu: [read(surface.selfBleu)] }
  return edaOfCells(here, balance)[0]
}
