import { type BalancedCell, cellAt, positionOf } from '../../src/tuner/index.js'
import { normalizedEda } from '../surfaces/normalized-eda.js'
import type { MeanSurface, TaskReference } from '../surfaces/types.js'
import type { Grid, GridPosition } from '../types.js'
import { writeCellWeights } from './interpolation.js'

/** Places that the path may take: this many to a cell, along each axis. */
const FINENESS = 4

/** EDA that a step of one whole cell between neighbouring balances must be worth. */
const STEP_COST = 2

/**
 * Where a tuner starts from at each balance: a smooth path over the grid that keeps to low EDA_w on the training prompts.
 *
 * The best cell jumps to and fro as w grows (T0 1, θ 3 is about as good as T0 0.8, θ 0), and stays where it is in between. A slider should move
 * evenly and in one direction, so the path minimises Σ EDA_w over its places, read between cells, plus the squares of its steps, and T0 never
 * rises and θ never falls as w grows: every step makes the samples cooler. Solved exactly over a fine lattice by dynamic programming (Viterbi's
 * algorithm). At the default balance it goes through the best fixed cell itself.
 *
 * @param balances ascending
 * @param through a cell that the path goes through, and its balance, one of `balances`
 */
export function smoothBaseline(
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
  balances: readonly number[],
  through: BalancedCell,
): BalancedCell[] {
  const places = lattice(grid)
  const scores = places.map((place) => pooledScores(grid, surfaces, references, place))
  const fixed = positionOf(grid, through)
  const costAt = (balance: number, place: number): number => {
    const { t0, theta } = places[place]
    if (balance === through.balance && (t0 !== fixed.t0 || theta !== fixed.theta)) return Number.POSITIVE_INFINITY
    const { quality, selfBleu } = scores[place]
    return normalizedEda(quality, selfBleu, [balance, 1 - balance])
  }
  let total = Float64Array.from(places, (_, place) => costAt(balances[0], place))
  const from: Int32Array[] = []
  for (const balance of balances.slice(1)) {
    const before = new Int32Array(places.length)
    const next = new Float64Array(places.length)
    for (let place = 0; place < places.length; place++) {
      const own = costAt(balance, place)
      next[place] = Number.POSITIVE_INFINITY
      if (own === Number.POSITIVE_INFINITY) continue
      for (let other = 0; other < places.length; other++) {
        const cooler = places[other].t0 - places[place].t0
        const warier = places[place].theta - places[other].theta
        if (cooler < 0 || warier < 0) continue
        const sum = own + total[other] + STEP_COST * (cooler * cooler + warier * warier)
        if (sum < next[place]) {
          next[place] = sum
          before[place] = other
        }
      }
    }
    total = next
    from.push(before)
  }
  let place = total.indexOf(Math.min(...total))
  const path = [place]
  for (const before of from.reverse()) {
    place = before[place]
    path.unshift(place)
  }
  return balances.map((balance, i) => ({ balance, ...cellAt(grid, places[path[i]]) }))
}

/** All places on the grid, `FINENESS` to a cell; the grid's own cells are among them. */
function lattice(grid: Grid): GridPosition[] {
  const axis = (length: number) => Array.from({ length: (length - 1) * FINENESS + 1 }, (_, i) => i / FINENESS)
  return axis(grid.t0.length).flatMap((t0) => axis(grid.theta.length).map((theta) => ({ t0, theta })))
}

/** Mean Q/Q* and D/D* over all prompts of all tasks at one place. */
function pooledScores(
  grid: Grid,
  surfaces: Readonly<Record<string, MeanSurface>>,
  references: Readonly<Record<string, TaskReference>>,
  place: GridPosition,
): { quality: number; selfBleu: number } {
  const weights = new Float64Array(grid.t0.length * grid.theta.length)
  writeCellWeights(grid, place, weights)
  const prompts = Object.values(surfaces).reduce((sum, surface) => sum + surface.prompts, 0)
  let quality = 0
  let selfBleu = 0
  for (const [task, surface] of Object.entries(surfaces)) {
    const share = surface.prompts / prompts
    weights.forEach((weight, cell) => {
      quality += (share * weight * surface.quality[cell]) / references[task].bestQuality
      selfBleu += (share * weight * surface.selfBleu[cell]) / references[task].worstSelfBleu
    })
  }
  return { quality, selfBleu }
}
