import { InvalidOptionError } from '../../src/errors.js'
import { type EdaWeights, equalWeights, normalizedEda } from '../surfaces/normalized-eda.js'

/** One prompt's normalised quality Q / Q* and Self-BLEU D / D* on every cell of the grid; two arrays of one length. */
export interface NormalizedSurface {
  quality: ArrayLike<number>
  selfBleu: ArrayLike<number>
}

export interface OracleChoice {
  /** The cell chosen for each prompt, in the order of the surfaces. */
  cells: number[]
  /** Corpus EDA of that choice on the surfaces it was chosen on: optimistic where they are noisy. */
  eda: number
  /** No choice of cells, not even a mixture of cells for each prompt, has a corpus EDA below this. */
  lowerBound: number
}

export interface OracleOptions {
  /** @default [0.5, 0.5] */
  weights?: EdaWeights
  /** Most Frank–Wolfe steps; a few dozen are enough. @default 500 */
  iterations?: number
}

/** Stop when the relaxed problem is solved to this many EDA points. */
const tolerance = 1e-6

/**
 * The oracle (DESIGN §1): one cell for each prompt, so that corpus EDA is least.
 *
 * Corpus EDA is convex in (mean quality, mean Self-BLEU), so with mixtures of cells allowed this is a convex problem, which Frank–Wolfe
 * (Frank & Wolfe 1956; Jaggi 2013) solves: linearise EDA at the current means, let every prompt take the cell that is best for the
 * linear function, go the best distance towards those means (exact, since EDA² is a parabola on the line), repeat. Each linear step is
 * itself a choice of one cell for each prompt; the best of them is kept, and then single prompts are moved while that lowers EDA. The
 * duality gap of the relaxed problem gives the lower bound.
 *
 * @throws {InvalidOptionError} without surfaces, or when they differ in length
 */
export function chooseCells(surfaces: readonly NormalizedSurface[], options: OracleOptions = {}): OracleChoice {
  const { weights = equalWeights, iterations = 500 } = options
  const cellCount = checkSurfaces(surfaces)
  const start = bestSingleCell(surfaces, cellCount, weights)
  let best: number[] = new Array(surfaces.length).fill(start)
  let [quality, selfBleu] = means(surfaces, best)
  let bestEda = normalizedEda(quality, selfBleu, weights)
  let lowerBound = 0
  for (let i = 0; i < iterations; i++) {
    const eda = normalizedEda(quality, selfBleu, weights)
    if (eda === 0) break // quality 1 and Self-BLEU 0: nothing is better
    const slope = gradient(quality, selfBleu, eda, weights)
    const vertex = surfaces.map((surface) => linearBest(surface, slope, cellCount))
    const [towardsQuality, towardsSelfBleu] = means(surfaces, vertex)
    const vertexEda = normalizedEda(towardsQuality, towardsSelfBleu, weights)
    if (vertexEda < bestEda) [best, bestEda] = [vertex, vertexEda]
    const gap = slope[0] * (quality - towardsQuality) + slope[1] * (selfBleu - towardsSelfBleu)
    lowerBound = Math.max(lowerBound, eda - gap)
    if (gap < tolerance) break
    const step = lineSearch(quality, selfBleu, towardsQuality - quality, towardsSelfBleu - selfBleu, weights)
    if (step === 0) break // rounding: the gap is positive, yet no step lowers EDA
    quality += step * (towardsQuality - quality)
    selfBleu += step * (towardsSelfBleu - selfBleu)
  }
  const cells = moveSinglePrompts(surfaces, best, weights, cellCount)
  return { cells, eda: normalizedEda(...means(surfaces, cells), weights), lowerBound }
}

/** The one cell for all prompts with the least corpus EDA; the first of equals. */
export function bestSingleCell(
  surfaces: readonly NormalizedSurface[],
  cellCount: number = checkSurfaces(surfaces),
  weights: EdaWeights = equalWeights,
): number {
  let best = 0
  let bestEda = Number.POSITIVE_INFINITY
  for (let cell = 0; cell < cellCount; cell++) {
    const eda = normalizedEda(...means(surfaces, new Array(surfaces.length).fill(cell)), weights)
    if (eda < bestEda) [best, bestEda] = [cell, eda]
  }
  return best
}

/** Mean quality and mean Self-BLEU of a choice of one cell for each prompt. */
export function means(surfaces: readonly NormalizedSurface[], cells: readonly number[]): [number, number] {
  let quality = 0
  let selfBleu = 0
  for (const [i, surface] of surfaces.entries()) {
    quality += surface.quality[cells[i]]
    selfBleu += surface.selfBleu[cells[i]]
  }
  return [quality / surfaces.length, selfBleu / surfaces.length]
}

/** ∂EDA/∂quality and ∂EDA/∂selfBleu, where EDA > 0. */
function gradient(quality: number, selfBleu: number, eda: number, weights: EdaWeights): [number, number] {
  const scale = 100 ** 2 / eda
  return [-scale * weights[0] * (1 - quality), scale * weights[1] * selfBleu]
}

function linearBest(surface: NormalizedSurface, slope: readonly [number, number], cellCount: number): number {
  let best = 0
  let bestValue = Number.POSITIVE_INFINITY
  for (let cell = 0; cell < cellCount; cell++) {
    const value = slope[0] * surface.quality[cell] + slope[1] * surface.selfBleu[cell]
    if (value < bestValue) [best, bestValue] = [cell, value]
  }
  return best
}

/** The share 0 … 1 of the way (dq, dd) at which w_q (1 − q)² + w_d d² is least. */
function lineSearch(quality: number, selfBleu: number, dq: number, dd: number, weights: EdaWeights): number {
  const curvature = weights[0] * dq ** 2 + weights[1] * dd ** 2
  if (curvature === 0) return 0
  return Math.min(1, Math.max(0, (weights[0] * dq * (1 - quality) - weights[1] * dd * selfBleu) / curvature))
}

/** Coordinate descent: gives one prompt after the other its best cell while the others stay, until nobody wants to move. */
function moveSinglePrompts(
  surfaces: readonly NormalizedSurface[],
  start: readonly number[],
  weights: EdaWeights,
  cellCount: number,
): number[] {
  const cells = [...start]
  let [quality, selfBleu] = means(surfaces, cells)
  for (let moved = true; moved; ) {
    moved = false
    for (const [i, surface] of surfaces.entries()) {
      const restQuality = quality - surface.quality[cells[i]] / surfaces.length
      const restSelfBleu = selfBleu - surface.selfBleu[cells[i]] / surfaces.length
      // A move must gain more than rounding can, or two equal cells would change places for ever.
      let bestEda = normalizedEda(quality, selfBleu, weights) - 1e-9
      for (let cell = 0; cell < cellCount; cell++) {
        const q = restQuality + surface.quality[cell] / surfaces.length
        const d = restSelfBleu + surface.selfBleu[cell] / surfaces.length
        const eda = normalizedEda(q, d, weights)
        if (eda >= bestEda) continue
        bestEda = eda
        cells[i] = cell
        ;[quality, selfBleu] = [q, d]
        moved = true
      }
    }
  }
  return cells
}

function checkSurfaces(surfaces: readonly NormalizedSurface[]): number {
  if (surfaces.length === 0) throw new InvalidOptionError('surfaces', 'at least one surface', surfaces)
  const cellCount = surfaces[0].quality.length
  for (const [i, { quality, selfBleu }] of surfaces.entries()) {
    for (const length of [quality.length, selfBleu.length]) {
      if (length !== cellCount || length === 0)
        throw new InvalidOptionError(`surfaces[${i}]`, `of ${Math.max(1, cellCount)} cells, as the first`, length)
    }
  }
  return cellCount
}
