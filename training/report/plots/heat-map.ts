import type { TopLevelSpec } from 'vega-lite'
import { positionOf } from '../../../src/tuner/grid.js'
import { HAND_SET_CELL } from '../../ablate/strategies/index.js'
import type { AblationResult } from '../../ablate/types.js'
import { edaOfCells } from '../../surfaces/mean-surface.js'
import type { Cell, Grid } from '../../types.js'
import { pageColor } from './style.js'

/** EDA points above the best cell at which the colour no longer changes: beyond it nobody wants to decode. */
const WORST_SHOWN = 30

const kinds = ['learned, a prompt each', 'best fixed EDT', 'best fixed EDT per task', 'hand-set EDT'] as const
const shapes = ['circle', 'diamond', 'triangle-up', 'square']

/**
 * EDA over (T0, θ), one panel a task: how far each cell is above the task's best one, with the best fixed cells, the hand-set one, and what the tuner
 * chose for each prompt. Undefined without surfaces.
 */
export function heatMapSpec(result: AblationResult): TopLevelSpec | undefined {
  const { settings, surfaces, bestCells, predictions } = result
  const tasks = Object.keys(result.tasks).filter((task) => surfaces[task] !== undefined)
  if (tasks.length === 0) return undefined
  const { grid } = settings
  const axis = (name: 't0' | 'theta', title: string) => ({
    field: name,
    type: 'quantitative' as const,
    scale: { domain: [-0.5, grid[name].length - 0.5], nice: false },
    title,
    axis: {
      grid: false,
      values: grid[name].map((_, i) => i),
      labelExpr: `${JSON.stringify(grid[name])}[datum.value]`,
    },
  })
  const x = axis('theta', 'θ')
  const y = axis('t0', 'T0')
  const panels = tasks.map((task) => {
    const marks = [
      ...predictions
        .filter((prediction) => prediction.task === task)
        .map((prediction) => place(grid, prediction, 'learned, a prompt each')),
      place(grid, HAND_SET_CELL, 'hand-set EDT'),
      ...(Object.keys(result.tasks).length > 1
        ? [place(grid, bestCells.perTask[task], 'best fixed EDT per task')]
        : []),
      place(grid, bestCells.fixed, 'best fixed EDT'),
    ]
    return {
      title: task,
      width: 34 * grid.theta.length,
      height: 26 * grid.t0.length,
      layer: [
        {
          data: { values: cells(grid, edaOfCells(surfaces[task], settings.references[task])) },
          mark: { type: 'rect' as const },
          encoding: {
            x: { ...x, field: 'left' },
            x2: { field: 'right' },
            y: { ...y, field: 'bottom' },
            y2: { field: 'top' },
            color: {
              field: 'above',
              type: 'quantitative' as const,
              scale: { scheme: 'viridis', reverse: true, domain: [0, WORST_SHOWN], clamp: true },
              legend: {
                title: ['EDA above', 'the best cell'],
                values: [0, 10, 20, WORST_SHOWN],
                labelExpr: `datum.value == ${WORST_SHOWN} ? '≥ ${WORST_SHOWN}' : datum.label`,
                gradientLength: 130,
              },
            },
          },
        },
        {
          data: { values: marks },
          mark: { type: 'point' as const, filled: true, color: '#ffffff' },
          encoding: {
            x,
            y,
            shape: {
              field: 'kind',
              type: 'nominal' as const,
              scale: { domain: [...kinds], range: shapes },
              legend: {
                title: null,
                symbolOpacity: 1,
                symbolSize: 90,
                // Vega-Lite takes the outline away from symbols of a shape legend that have a fill, unless told so here.
                encoding: { symbols: { fill: { value: '#ffffff' }, stroke: { value: pageColor } } },
              },
            },
            stroke: { value: '#000000' },
            size: { condition: { test: "datum.kind === 'learned, a prompt each'", value: 14 }, value: 110 },
            strokeWidth: { condition: { test: "datum.kind === 'learned, a prompt each'", value: 0.6 }, value: 1.3 },
            opacity: { condition: { test: "datum.kind === 'learned, a prompt each'", value: 0.7 }, value: 1 },
          },
        },
      ],
    }
  })
  return { columns: 3, spacing: { row: 26, column: 26 }, concat: panels }
}

function cells(grid: Grid, edas: readonly number[]) {
  const best = Math.min(...edas)
  return edas.map((eda, cell) => {
    const t0 = Math.floor(cell / grid.theta.length)
    const theta = cell % grid.theta.length
    return { left: theta - 0.5, right: theta + 0.5, bottom: t0 - 0.5, top: t0 + 0.5, above: eda - best }
  })
}

/** Where a setting lies between the cells, as the tuner interpolates. */
function place(grid: Grid, cell: Cell, kind: (typeof kinds)[number]) {
  return { ...positionOf(grid, cell), kind }
}
