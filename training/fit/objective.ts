import type { Scalar, Tensor2D } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
import { EVEN_BALANCE } from '../../src/tuner/index.js'
import { normalizedEda } from '../surfaces/normalized-eda.js'
import type { TaskReference } from '../surfaces/types.js'
import type { Grid, GridPosition, PromptSurface } from '../types.js'
import { cellWeights, writeCellWeights } from './interpolation.js'

/** Surfaces in units of their task's Q* and D*, `[prompts, cells]`. */
export interface SurfaceTensors {
  quality: Tensor2D
  selfBleu: Tensor2D
}

export function surfaceTensors(
  tf: TensorFlow,
  surfaces: readonly PromptSurface[],
  references: Readonly<Record<string, TaskReference>>,
): SurfaceTensors {
  const cells = surfaces[0].quality.length
  const tensor = (of: 'quality' | 'selfBleu', star: keyof TaskReference) => {
    const values = new Float32Array(surfaces.length * cells)
    surfaces.forEach((surface, i) => {
      const unit = references[surface.task][star]
      for (let c = 0; c < cells; c++) values[i * cells + c] = surface[of][c] / unit
    })
    return tf.tensor2d(values, [surfaces.length, cells])
  }
  return { quality: tensor('quality', 'bestQuality'), selfBleu: tensor('selfBleu', 'worstSelfBleu') }
}

/** Rows (prompts) dealt to groups; each group is a corpus of its own, judged at its own balance. */
export interface DealtRows {
  /** Place `[groups, rows]`: 1 / size of the group where the row is in it, else 0. */
  share: Tensor2D
  /** w of each group, `[groups, 1]`. */
  balance: Tensor2D
}

/**
 * Corpus EDA_w / 100, mean over the groups, of the prompts at their places `[n, 2]` on the grid, differentiable: for each group with its balance w
 * √(w (1 − mean Q/Q*)² + (1 − w) (mean D/D*)²), with Q and D read from each prompt's surface.
 */
export function corpusEdaLoss(
  tf: TensorFlow,
  positions: Tensor2D,
  surfaces: SurfaceTensors,
  grid: Grid,
  { share, balance }: DealtRows,
): Scalar {
  const weights = cellWeights(tf, positions, grid)
  const quality = tf.matMul(share, tf.sum(tf.mul(weights, surfaces.quality), 1, true) as Tensor2D)
  const selfBleu = tf.matMul(share, tf.sum(tf.mul(weights, surfaces.selfBleu), 1, true) as Tensor2D)
  const missed = tf.mul(balance, tf.square(tf.sub(1, quality)))
  const repeated = tf.mul(tf.sub(1, balance), tf.square(selfBleu))
  return tf.mean(tf.sqrt(tf.add(missed, repeated))) as Scalar
}

/** Corpus EDA_w (0–100) of prompts at their places on the grid, read from their surfaces without TensorFlow.js. */
export function corpusEdaAt(
  surfaces: readonly PromptSurface[],
  positions: readonly GridPosition[],
  grid: Grid,
  references: Readonly<Record<string, TaskReference>>,
  balance: number = EVEN_BALANCE,
): number {
  const { quality, selfBleu } = corpusMeansAt(surfaces, positions, grid, references)
  return normalizedEda(quality, selfBleu, [balance, 1 - balance])
}

/** Mean Q/Q* and mean D/D* of prompts at their places on the grid. */
export function corpusMeansAt(
  surfaces: readonly PromptSurface[],
  positions: readonly GridPosition[],
  grid: Grid,
  references: Readonly<Record<string, TaskReference>>,
): { quality: number; selfBleu: number } {
  const weights = new Float64Array(grid.t0.length * grid.theta.length)
  let quality = 0
  let selfBleu = 0
  surfaces.forEach((surface, i) => {
    writeCellWeights(grid, positions[i], weights)
    const { bestQuality, worstSelfBleu } = references[surface.task]
    weights.forEach((weight, c) => {
      quality += (weight * surface.quality[c]) / bestQuality / surfaces.length
      selfBleu += (weight * surface.selfBleu[c]) / worstSelfBleu / surfaces.length
    })
  })
  return { quality, selfBleu }
}
