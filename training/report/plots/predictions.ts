import type { TopLevelSpec } from 'vega-lite'
import { randomStream } from '../../../src/sampling/random.js'
import type { AblationResult } from '../../ablate/types.js'
import { bestFixedColor, learnedColor, pageColor } from './style.js'

/** What the tuner chose, T0 and θ side by side: one dot a prompt, the median as a bar, and the best fixed cell as a line. */
export function predictionsSpec({ tasks, predictions, bestCells, settings }: AblationResult): TopLevelSpec {
  const names = Object.keys(tasks)
  const jitter = randomStream(0, 'jitter')
  const dots = predictions.map(({ task, t0, theta }) => ({ task, t0, theta, jitter: jitter.next() }))
  const panel = (name: 't0' | 'theta', title: string, scale: object) => {
    const x = {
      field: name,
      type: 'quantitative' as const,
      title,
      scale,
      axis: { values: [...settings.grid[name]], format: '~g' },
    }
    const y = {
      field: 'task',
      type: 'nominal' as const,
      sort: names,
      title: null,
      scale: { domain: names, paddingInner: 0.25 },
      axis: { ticks: false, domain: false, labels: name === 't0', labelPadding: 8 },
    }
    return {
      width: 300,
      height: { step: 44 },
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
          encoding: {
            x,
            y,
            yOffset: { field: 'jitter', type: 'quantitative' as const, scale: { domain: [0, 1] } },
          },
        },
        {
          data: { values: dots },
          mark: { type: 'tick' as const, color: pageColor, thickness: 2.5, bandSize: 34 },
          encoding: { x: { ...x, aggregate: 'median' as const }, y },
        },
      ],
    }
  }
  const { t0, theta } = settings.grid
  const range = (axis: readonly number[]) => [axis[0], axis[axis.length - 1]]
  return {
    spacing: 26,
    hconcat: [
      panel('t0', 'predicted T0 (bar: median)', { domain: range(t0), nice: false }),
      // As the grid does, ln(1 + θ) gives the small values their room.
      panel('theta', 'predicted θ (bar: median)', { type: 'symlog', constant: 1, domain: range(theta), nice: false }),
    ],
  }
}
