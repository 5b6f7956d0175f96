import { InvalidOptionError } from '../errors.js'
import type { Cell } from './types.js'

/** Smallest and largest value allowed; `Infinity` where there is no upper bound. */
export type Bounds = readonly [least: number, most: number]

/** What a user allows a tuner to choose. */
export interface CellBounds {
  /** T0 is moved into this range. @default no bounds but those of the grid that the tuner was trained on @example [0.3, 1.2] */
  t0Range?: Bounds
  /** θ is moved into this range. @default no bounds but those of the grid @example [0, 3] */
  thetaRange?: Bounds
}

/** @throws {InvalidOptionError} unless 0 ≤ least ≤ most (and most > 0 for T0) */
export function checkBounds({ t0Range, thetaRange }: CellBounds): void {
  if (t0Range !== undefined && !(isRange(t0Range) && t0Range[1] > 0)) {
    throw new InvalidOptionError('t0Range', 'two numbers [least, most] with 0 ≤ least ≤ most and most > 0', t0Range)
  }
  if (thetaRange !== undefined && !isRange(thetaRange)) {
    throw new InvalidOptionError('thetaRange', 'two numbers [least, most] with 0 ≤ least ≤ most', thetaRange)
  }
}

/** The nearest setting inside the bounds. */
export function clampCell({ t0, theta }: Cell, { t0Range, thetaRange }: CellBounds): Cell {
  return { t0: clamp(t0, t0Range), theta: clamp(theta, thetaRange) }
}

function clamp(value: number, range: Bounds | undefined): number {
  return range === undefined ? value : Math.min(range[1], Math.max(range[0], value))
}

function isRange([least, most]: Bounds): boolean {
  return least >= 0 && least <= most && least < Number.POSITIVE_INFINITY
}
