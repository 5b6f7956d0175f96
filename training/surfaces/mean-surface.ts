import { cellCount, cellOf } from '../../src/tuner/grid.js'
import type { Cell, Grid, PromptSurface } from '../types.js'
import { UnknownTaskReferenceError } from './errors.js'
import { type EdaWeights, equalWeights, normalizedEda } from './normalized-eda.js'
import type { BestCells, MeanSurface, TaskReference } from './types.js'

/** Mean quality and Self-BLEU of each task on every cell. */
export function meanSurfaces(
  surfaces: readonly Pick<PromptSurface, 'task' | 'quality' | 'selfBleu'>[],
  source: MeanSurface['source'],
): Record<string, MeanSurface> {
  const means: Record<string, MeanSurface> = {}
  for (const { task, quality, selfBleu } of surfaces) {
    means[task] ??= {
      source,
      prompts: 0,
      quality: new Array(quality.length).fill(0),
      selfBleu: new Array(quality.length).fill(0),
    }
    const mean = means[task]
    mean.prompts++
    for (let cell = 0; cell < quality.length; cell++) {
      mean.quality[cell] += (quality[cell] - mean.quality[cell]) / mean.prompts
      mean.selfBleu[cell] += (selfBleu[cell] - mean.selfBleu[cell]) / mean.prompts
    }
  }
  return means
}

/** Q* and D* of each task: the highest of its means. */
export function taskReferences(means: Readonly<Record<string, MeanSurface>>): Record<string, TaskReference> {
  return Object.fromEntries(
    Object.entries(means).map(([task, { quality, selfBleu }]) => [
      task,
      { bestQuality: Math.max(...quality), worstSelfBleu: Math.max(...selfBleu) },
    ]),
  )
}

/** Corpus EDA of a task on every cell. */
export function edaOfCells(surface: MeanSurface, { bestQuality, worstSelfBleu }: TaskReference): number[] {
  return surface.quality.map((quality, cell) =>
    normalizedEda(quality / bestQuality, surface.selfBleu[cell] / worstSelfBleu),
  )
}

/**
 * The cells with the least corpus EDA: one for all tasks (each prompt normalised by its task's Q* and D*), one for each task, and the best
 * of those with θ = 0, which are fixed temperatures.
 *
 * @throws {UnknownTaskReferenceError} for a task without Q* and D*
 */
export function bestCells(
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
): BestCells {
  const edas = pooledEdas(grid, surfaces, references, equalWeights)
  const temperatures = edas.map((eda, cell) => (cellOf(grid, cell).theta === 0 ? eda : Number.POSITIVE_INFINITY))
  return {
    fixed: cellOf(grid, smallest(edas)),
    ...(grid.theta.includes(0) ? { fixedTemperature: cellOf(grid, smallest(temperatures)).t0 } : {}),
    perTask: Object.fromEntries(
      Object.keys(surfaces).map((task) => [task, cellOf(grid, smallest(edaOfCells(surfaces[task], references[task])))]),
    ),
  }
}

/**
 * The one cell for all tasks with the least corpus EDA at other weights of quality and Self-BLEU; (w, 1 − w) is EDA_w of the balance w.
 * @throws {UnknownTaskReferenceError} for a task without Q* and D*
 */
export function bestFixedCell(
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
  weights: EdaWeights,
): Cell {
  return cellOf(grid, smallest(pooledEdas(grid, surfaces, references, weights)))
}

/** Corpus EDA over all prompts of all tasks, on every cell. */
function pooledEdas(
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
  weights: EdaWeights,
): number[] {
  const tasks = Object.keys(surfaces)
  const unknown = tasks.find((task) => references[task] === undefined)
  if (unknown !== undefined) throw new UnknownTaskReferenceError(unknown, Object.keys(references), 'of the surfaces')
  const prompts = tasks.reduce((sum, task) => sum + surfaces[task].prompts, 0)
  const pooled = (cell: number, of: 'quality' | 'selfBleu', star: 'bestQuality' | 'worstSelfBleu') =>
    tasks.reduce((sum, task) => sum + (surfaces[task].prompts * surfaces[task][of][cell]) / references[task][star], 0) /
    prompts
  return Array.from({ length: cellCount(grid) }, (_, cell) =>
    normalizedEda(pooled(cell, 'quality', 'bestQuality'), pooled(cell, 'selfBleu', 'worstSelfBleu'), weights),
  )
}

function smallest(values: readonly number[]): number {
  return values.indexOf(Math.min(...values))
}
