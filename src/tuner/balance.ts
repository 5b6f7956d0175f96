import { InvalidOptionError } from '../errors.js'
import { positionOf } from './grid.js'
import type { Cell, Grid, GridPosition } from './types.js'

/** Quality and diversity count alike: EDA itself (DESIGN §1). */
export const EVEN_BALANCE = 0.5

/** A setting of EDT for one balance. */
export interface BalancedCell extends Cell {
  /** The weight w of quality in EDA_w = 100 · √(w ((Q* − Q) / Q*)² + (1 − w) (D / D*)²), between 0 and 1. */
  balance: number
}

/** What of a checkpoint's metadata says how a tuner takes a balance. */
export interface BalanceSupport {
  /** Smallest and largest balance that the tuner was trained for; equal when it was trained for one. */
  range: readonly [number, number]
  /** Ascending in balance, from one end of the range to the other. */
  baseline: readonly BalancedCell[]
}

/** Where a tuner starts from: a place on the grid for each balance, near the best fixed cell. */
export type Baseline = (balance: number) => GridPosition

/** The balances of the range are one more input of the network when there are several. */
export function takesBalance({ range }: Pick<BalanceSupport, 'range'>): boolean {
  return range[0] < range[1]
}

/** How the network reads a balance: −3 … 3, three times the spread of a feature, since it is one input among hundreds. */
export function balanceInput(balance: number): number {
  return 3 * (2 * balance - 1)
}

/** Straight lines between the settings of the baseline, in places on the grid's axes; at its balances the settings themselves, exactly. */
export function baselineOf(grid: Grid, cells: readonly BalancedCell[]): Baseline {
  const knots = cells.map((cell) => ({ balance: cell.balance, ...positionOf(grid, cell) }))
  return (balance) => {
    const above = knots.findIndex((knot) => knot.balance >= balance)
    const high = knots[above === -1 ? knots.length - 1 : above]
    const low = knots[above - 1]
    if (low === undefined || high.balance === balance) return { t0: high.t0, theta: high.theta }
    const share = (balance - low.balance) / (high.balance - low.balance)
    return { t0: low.t0 + share * (high.t0 - low.t0), theta: low.theta + share * (high.theta - low.theta) }
  }
}

/** The balance that holds when none is asked for: one half, or the only one that the tuner was trained for. */
export function defaultBalance({ range: [least, most] }: Pick<BalanceSupport, 'range'>): number {
  return Math.min(most, Math.max(least, EVEN_BALANCE))
}

/** @throws {InvalidOptionError} for a balance that the tuner was not trained for */
export function checkBalance(balance: number, { range }: Pick<BalanceSupport, 'range'>): void {
  const [least, most] = range
  if (balance >= least && balance <= most) return
  if (takesBalance({ range })) throw new InvalidOptionError('balance', `a number from ${least} to ${most}`, balance)
  const hint = 'Train one for all with `edt fit --balance any`.'
  throw new InvalidOptionError('balance', `${least}, the only one that this tuner was trained for`, balance, hint)
}
