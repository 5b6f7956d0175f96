/** Balances that a tuner may learn. Beyond these almost only one of the two terms counts, and the best cell is a corner of the grid. */
export const BALANCE_RANGE: readonly [number, number] = [0.05, 0.95]
