import type { Scalar, Tensor2D } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
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

/**
 * Corpus EDA / 100 of the prompts at their places `[n, 2]` on the grid, differentiable:
 * √(½[(1 − mean Q/Q*)² + (mean D/D*)²]), with Q and D read from each prompt's surface.
 */
export function corpusEdaLoss(tf: TensorFlow, positions: Tensor2D, surfaces: SurfaceTensors, grid: Grid): Scalar {
  const weights = cellWeights(tf, positions, grid)
  const quality = tf.mean(tf.sum(tf.mul(weights, surfaces.quality), 1))
  const selfBleu = tf.mean(tf.sum(tf.mul(weights, surfaces.selfBleu), 1))
  return tf.sqrt(tf.mul(0.5, tf.add(tf.square(tf.sub(1, quality)), tf.square(selfBleu)))) as Scalar
}

/** Corpus EDA (0–100) of prompts at their places on the grid, read from their surfaces without TensorFlow.js. */
export function corpusEdaAt(
  surfaces: readonly PromptSurface[],
  positions: readonly GridPosition[],
  grid: Grid,
  references: Readonly<Record<string, TaskReference>>,
): number {
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
  return normalizedEda(quality, selfBleu)
}
