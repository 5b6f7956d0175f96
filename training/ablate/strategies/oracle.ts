import { cellCount, cellOf } from '../../../src/tuner/grid.js'
import type { Cell, Grid, RolloutSpec } from '../../types.js'

/** Where the oracle stands among the names of strategies: it needs rollouts of its own and is judged apart, as headroom. */
export const ORACLE = 'oracle'

/**
 * The rollouts that the oracle needs of one prompt: every cell of the grid, in the grid's order, then the best fixed and the learned setting, so
 * that the three are compared on equally many samples of the same random streams.
 */
export function oracleRollouts(
  grid: Grid,
  bestFixed: Cell,
  learned: Cell,
  decoding: Pick<RolloutSpec, 'samples' | 'truncation'>,
): RolloutSpec[] {
  const cells = Array.from({ length: cellCount(grid) }, (_, index) => cellOf(grid, index))
  return [...cells, bestFixed, learned].map(({ t0, theta }) => ({
    strategy: { name: 'edt', t0, theta },
    ...decoding,
  }))
}
