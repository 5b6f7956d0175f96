import type { LayersModel, Tensor2D } from '@tensorflow/tfjs'
import type { TensorFlow } from './backend.js'

export interface NetworkOptions {
  /** Width of the input: normalised features, and the balance where the network takes one. */
  inputs: number
  /** Units of each hidden layer. @default [64, 64] @example [128] */
  hidden?: readonly number[]
  /** Seed of the hidden layers' weights. @default 0 */
  seed?: number
}

/**
 * A small multi-layer perceptron from `[n, inputs]` (normalised features, then the balance if it takes one) to steps `[n, 2]` on the grid's axes
 * (T0, θ; in cells) away from the baseline.
 *
 * The last layer is linear and starts at zero: before training every prompt gets exactly the best fixed cell, also when that lies on the edge of
 * the grid, where a squashing function (sigmoid, tanh) would never arrive and would pass no gradient. What keeps the place inside the grid
 * is `clipToGrid` in training and `cellAt` in use.
 */
export function buildNetwork(tf: TensorFlow, { inputs, hidden = [64, 64], seed = 0 }: NetworkOptions): LayersModel {
  const model = tf.sequential({ name: 'edt_tuner' })
  let inputShape: number[] | undefined = [inputs]
  for (const [i, units] of hidden.entries()) {
    // From 1 on: TensorFlow.js takes a seed of 0 for no seed, and draws at random.
    const kernelInitializer = tf.initializers.heNormal({ seed: seed * 1000 + i + 1 })
    model.add(tf.layers.dense({ units, activation: 'relu', kernelInitializer, inputShape, name: `hidden_${i + 1}` }))
    inputShape = undefined
  }
  model.add(tf.layers.dense({ units: 2, kernelInitializer: 'zeros', inputShape, name: 'step' }))
  return model
}

/**
 * Moves places `[n, 2]` to the nearest place inside the grid. The gradient passes unchanged inside; outside it passes only where descending it
 * leads back inside. So a place on or beyond an edge is never stuck there, and is never pushed further out.
 *
 * (The rule is that of the inverting-gradients and clipped-action literature on bounded actions: Hausknecht & Stone 2016, arXiv 1511.04143.)
 */
export function clipToGrid(tf: TensorFlow, positions: Tensor2D, lengths: readonly [number, number]): Tensor2D {
  const top = () => tf.tensor2d([lengths[0] - 1, lengths[1] - 1], [1, 2]) // made twice: the forward pass frees its own
  const clip = tf.customGrad((x, save) => {
    const places = x as Tensor2D
    ;(save as (tensors: Tensor2D[]) => void)([places])
    return {
      value: tf.minimum(tf.relu(places), top()),
      gradFunc: (dy, saved) => {
        const [given] = saved as [Tensor2D]
        const below = tf.logicalAnd(tf.less(given, 0), tf.greater(dy as Tensor2D, 0))
        const above = tf.logicalAnd(tf.greater(given, top()), tf.less(dy as Tensor2D, 0))
        return tf.where(tf.logicalOr(below, above), tf.zerosLike(dy as Tensor2D), dy as Tensor2D)
      },
    }
  })
  return clip(positions) as Tensor2D
}
