import { InvalidOptionError } from '../errors.js'
import type { Cell, Grid, GridPosition } from './types.js'

/**
 * The network works in places on the grid's axes, counted in cells, because that is where the surfaces are read (bilinear interpolation between
 * cells). Between two cells T0 grows linearly and θ linearly in ln(1 + θ): a step from θ = 0 to 0.5 changes decoding about as much as
 * one from 3 to 6. On a cell itself the cell's own numbers come back, exactly.
 */
interface AxisScale {
  forward(value: number): number
  inverse(scaled: number): number
}

const linear: AxisScale = { forward: (value) => value, inverse: (scaled) => scaled }
const logOnePlus: AxisScale = { forward: Math.log1p, inverse: Math.expm1 }

/** (T0, θ) at a place on the grid; a place outside the grid is moved to its edge. */
export function cellAt(grid: Grid, position: GridPosition): Cell {
  return { t0: valueAt(grid.t0, position.t0, linear), theta: valueAt(grid.theta, position.theta, logOnePlus) }
}

/** The place of (T0, θ) on the grid; a setting outside the grid's range is moved to its edge. */
export function positionOf(grid: Grid, cell: Cell): GridPosition {
  return { t0: placeOf(grid.t0, cell.t0, linear), theta: placeOf(grid.theta, cell.theta, logOnePlus) }
}

/** (T0, θ) of cell number `index` (T0-major). */
export function cellOf(grid: Grid, index: number): Cell {
  return { t0: grid.t0[Math.floor(index / grid.theta.length)], theta: grid.theta[index % grid.theta.length] }
}

/** How many cells a grid has. */
export function cellCount(grid: Grid): number {
  return grid.t0.length * grid.theta.length
}

/** @throws {InvalidOptionError} unless both axes are ascending, T0 > 0 and θ ≥ 0 */
export function checkGrid(grid: Grid): void {
  checkAxis('grid.t0', grid.t0, 'ascending numbers > 0', (value) => value > 0)
  checkAxis('grid.theta', grid.theta, 'ascending numbers ≥ 0', (value) => value >= 0)
}

/** The nearest place inside an axis of `length` values; NaN becomes the start of the axis. */
export function clipToAxis(position: number, length: number): number {
  return position > 0 ? Math.min(position, length - 1) : 0
}

function valueAt(axis: readonly number[], position: number, scale: AxisScale): number {
  const place = clipToAxis(position, axis.length)
  const low = Math.floor(place)
  const share = place - low
  if (share === 0) return axis[low]
  return scale.inverse((1 - share) * scale.forward(axis[low]) + share * scale.forward(axis[low + 1]))
}

function placeOf(axis: readonly number[], value: number, scale: AxisScale): number {
  const above = axis.findIndex((known) => known >= value)
  if (above === -1) return axis.length - 1
  if (above === 0 || axis[above] === value) return above
  const [from, to] = [scale.forward(axis[above - 1]), scale.forward(axis[above])]
  return above - 1 + (scale.forward(value) - from) / (to - from)
}

function checkAxis(name: string, axis: readonly number[], expected: string, allowed: (value: number) => boolean): void {
  const ascending = axis.every(
    (value, i) => Number.isFinite(value) && allowed(value) && (i === 0 || value > axis[i - 1]),
  )
  if (axis.length === 0 || !ascending) throw new InvalidOptionError(name, expected, axis)
}
