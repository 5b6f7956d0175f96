import { cellCount, cellOf } from '../../../src/tuner/grid.js'
import type { Cell, Grid, RolloutSpec } from '../../types.js'

/** Where the oracle stands among the names of strategies: it needs rollouts of its own and is judged apart, as headroom. */
export const ORACLE = 'oracle'

/** Name of a cell's rollouts in the journal. */
export const cellName = (cell: number): string => `cell ${cell}`

/**
 * The rollouts that the oracle needs of one prompt: every cell of the grid, and the best fixed and the learned setting, so that the three are
 * compared on equally many samples of the same random streams.
 */
export function oracleRollouts(
  grid: Grid,
  settings: { bestFixed: Cell; learned: Cell },
  decoding: Pick<RolloutSpec, 'samples' | 'truncation'>,
): Record<string, RolloutSpec> {
  const cells = Array.from({ length: cellCount(grid) }, (_, cell) => [cellName(cell), cellOf(grid, cell)] as const)
  return Object.fromEntries(
    [...cells, ...Object.entries(settings)].map(([name, { t0, theta }]) => [
      name,
      { strategy: { name: 'edt', t0, theta }, ...decoding },
    ]),
  )
}
