import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { InvalidOptionError } from '../../src/errors.js'
import type { BalancedCell } from '../../src/tuner/index.js'
import { bestFixedCell } from '../surfaces/mean-surface.js'
import type { MeanSurface, TaskReference } from '../surfaces/types.js'
import type { Grid } from '../types.js'
import { BALANCE_RANGE } from './balance-range.js'

const STEP = 0.05

/** Groups that the prompts are dealt to in each epoch, each judged at a balance of its own. */
export const GROUPS = 5

/** A group should be large enough for a mean: small sets are dealt out several times, to other groups each time. */
const ROWS_WANTED = 1500

export interface BalancePlan {
  /** Smallest and largest balance that is trained for; equal for one balance. */
  range: [number, number]
  /** Balances for which the baseline is worked out, ascending. */
  knots: number[]
  /** Those of them by which training is judged. */
  validated: number[]
}

/**
 * The balances that a tuner is trained and validated for.
 * @throws {InvalidOptionError} for a number outside the range
 */
export function balancePlan(balance: 'any' | number): BalancePlan {
  const [least, most] = BALANCE_RANGE
  if (balance !== 'any') {
    if (!(balance >= least && balance <= most)) {
      throw new InvalidOptionError('balance', `any or a number from ${least} to ${most}`, balance)
    }
    return { range: [balance, balance], knots: [balance], validated: [balance] }
  }
  const count = Math.round((most - least) / STEP)
  const knots = Array.from({ length: count + 1 }, (_, i) => Number((least + i * STEP).toFixed(2)))
  const validated = knots.filter((_, i) => i % 2 === 1)
  return { range: [least, most], knots, validated }
}

/** The best fixed cell of the training prompts at each of the balances. */
export function fixedCells(
  balances: readonly number[],
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
): BalancedCell[] {
  return balances.map((balance) => ({
    balance,
    ...bestFixedCell(grid, surfaces, references, [balance, 1 - balance]),
  }))
}

/** How often each prompt is dealt out in an epoch. */
export function copiesOf(prompts: number, [least, most]: readonly [number, number]): number {
  return least === most ? 1 : Math.min(GROUPS, Math.max(1, Math.ceil(ROWS_WANTED / prompts)))
}

/** Which group each row belongs to in one epoch, and each group's balance. */
export interface Deal {
  /** One number a row; row r is prompt r mod prompts. */
  groups: Int32Array
  balances: number[]
}

/**
 * Deals rows to groups at random, once an epoch. The groups' balances are spread over the range (one in each fifth of it), and the copies of a
 * prompt go to different groups. With one balance there is one group.
 */
export function dealer(prompts: number, copies: number, range: readonly [number, number], seed: number): () => Deal {
  const random = xoroshiro128plus(seed)
  const [least, most] = range
  if (least === most) {
    const deal = { groups: new Int32Array(prompts), balances: [least] }
    return () => deal
  }
  const order = Int32Array.from({ length: prompts }, (_, i) => i)
  return () => {
    for (let i = prompts - 1; i > 0; i--) {
      const j = uniformInt(random, 0, i)
      ;[order[i], order[j]] = [order[j], order[i]]
    }
    const groups = new Int32Array(prompts * copies)
    order.forEach((place, prompt) => {
      for (let copy = 0; copy < copies; copy++) groups[copy * prompts + prompt] = (place + copy) % GROUPS
    })
    const width = (most - least) / GROUPS
    const balances = Array.from({ length: GROUPS }, (_, group) => least + (group + uniformFloat64(random)) * width)
    return { groups, balances }
  }
}
