import { cellCount } from '../../../src/tuner/index.js'
import type { Grid } from '../../types.js'
import { plainRow, type Study } from '../definition.js'
import { subGrid } from '../sub-grid.js'

export const gridSize: Study = {
  id: 'grid',
  title: 'Size of the grid',
  plan(context) {
    const { t0, theta } = context.grid
    const full = labelOf(context.grid)
    const sizes = Array.from({ length: Math.min(t0.length, theta.length) }, (_, i) => i + 1).slice(1, -1)
    if (sizes.length === 0) return { impossible: `the run's grid has ${full} cells` }
    return {
      question:
        'How fine must the grid be? Tuners are fitted on fewer cells, spread over the same ranges of T0 and θ, and judged on the whole grid.',
      reference: full,
      axis: { label: 'cells', scale: 'log' },
      rows: [
        ...sizes.map((size) => {
          const grid = subGrid(context.grid, size)
          const note = `T0 ${grid.t0.join(', ')}; θ ${grid.theta.join(', ')}`
          return plainRow(labelOf(grid), context, { grid }, { x: cellCount(grid), note })
        }),
        plainRow(full, context, {}, { x: cellCount(context.grid) }),
      ],
    }
  },
}

function labelOf({ t0, theta }: Grid): string {
  return `${t0.length} × ${theta.length}`
}
