import { InvalidOptionError } from '../../src/errors.js'
import { createRule, createSampler, type StrategySpec, type Truncation } from '../../src/sampling/index.js'
import type { Cell, Grid } from '../types.js'

/** From nearly greedy to wild; θ = 0 is fixed temperature. */
export const DEFAULT_GRID: Grid = { t0: [0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }

/** @throws {InvalidOptionError} unless both axes ascend and are in range */
export function checkGrid(grid: Grid): void {
  checkAxis('grid.t0', grid.t0, '> 0', (value) => value > 0)
  checkAxis('grid.theta', grid.theta, '≥ 0', (value) => value >= 0)
}

function checkAxis(name: string, axis: readonly number[], range: string, inRange: (value: number) => boolean): void {
  const ascends = axis.every((value, i) => i === 0 || value > axis[i - 1])
  if (axis.length === 0 || !ascends || !axis.every((value) => Number.isFinite(value) && inRange(value))) {
    throw new InvalidOptionError(name, `an ascending list of numbers ${range}`, axis)
  }
}

/** The cells in their order: cell `i · theta.length + j` is (t0[i], theta[j]). */
export function gridCells({ t0, theta }: Grid): Cell[] {
  return t0.flatMap((upper) => theta.map((strength) => ({ t0: upper, theta: strength })))
}

export function cellStrategy(cell: Cell): StrategySpec {
  return { name: 'edt', ...cell }
}

/** Signature of the sampler of each cell. @throws {InvalidOptionError} for a bad truncation */
export function samplerSignatures(grid: Grid, truncation: Truncation): string[] {
  return gridCells(grid).map((cell) => createSampler({ rule: createRule(cellStrategy(cell)), truncation }).signature)
}
