import type { TopLevelSpec } from 'vega-lite'
import { randomStream } from '../../../src/sampling/random.js'
import type { AblationResult } from '../../ablate/types.js'
import { bestFixedColor, learnedColor, pageColor } from './style.js'

/** Height of a task's row in pixels. */
const ROW = 44

/** What the tuner chose, T0 and θ side by side: one dot a prompt, the median as a bar, and the best fixed cell as a line. */
export function predictionsSpec({ tasks, predictions, bestCells, settings }: AblationResult): TopLevelSpec {
  const names = Object.keys(tasks)
  const jitter = randomStream(0, 'jitter')
  const dots = predictions.map(({ task, t0, theta }) => ({
    t0,
    theta,
    row: names.indexOf(task) + 0.55 * (jitter.next() - 0.5),
  }))
  const panel = (name: 't0' | 'theta', title: string, scale: object) => {
    const grid = settings.grid[name]
    const x = {
      field: name,
      type: 'quantitative' as const,
      title: `${title} (bar: median)`,
      scale: { ...scale, domain: [grid[0], grid[grid.length - 1]], nice: false },
      axis: { values: [...grid], labelExpr: "datum.value + ''" },
    }
    const y = {
      field: 'row',
      type: 'quantitative' as const,
      title: null,
      scale: { domain: [names.length - 0.5, -0.5], nice: false },
      axis: {
        grid: false,
        ticks: false,
        domain: false,
        labels: name === 't0',
        labelPadding: 8,
        values: names.map((_, i) => i),
        labelExpr: `${JSON.stringify(names)}[datum.value]`,
      },
    }
    const medians = names.map((task, row) => ({
      [name]: median(
        predictions.filter((prediction) => prediction.task === task).map((prediction) => prediction[name]),
      ),
      row: row - 0.36,
      end: row + 0.36,
    }))
    return {
      width: 300,
      height: ROW * names.length,
      layer: [
        {
          data: { values: [bestCells.fixed] },
          mark: { type: 'rule' as const, color: bestFixedColor, strokeDash: [5, 3], strokeWidth: 2 },
          encoding: { x },
        },
        {
          data: { values: [bestCells.fixed] },
          mark: { type: 'text' as const, text: 'best fixed EDT', color: pageColor, opacity: 0.75, fontSize: 10.5 },
          encoding: { x, y: { value: -9 } },
        },
        {
          data: { values: dots },
          mark: { type: 'circle' as const, size: 16, color: learnedColor, opacity: 0.55 },
          encoding: { x, y },
        },
        {
          data: { values: medians },
          mark: { type: 'rule' as const, color: pageColor, strokeWidth: 2.5 },
          encoding: { x, y, y2: { field: 'end' } },
        },
      ],
    }
  }
  return {
    spacing: 26,
    hconcat: [
      panel('t0', 'predicted T0', { zero: false }),
      // As the grid does, ln(1 + θ) gives the small values their room.
      panel('theta', 'predicted θ', { type: 'symlog', constant: 1 }),
    ],
  }
}

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
