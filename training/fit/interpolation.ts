import type { Tensor2D } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
import { clipToAxis } from '../../src/tuner/grid.js'
import type { Grid, GridPosition } from '../types.js'

/**
 * Weights of the grid's cells at places on it, as a differentiable dense op: `[n, 2]` places (T0, θ; in cells) → `[n, cells]`, each row ≥ 0 with
 * sum 1. A surface's value at the place is the weighted sum of its cells.
 *
 * With `halfWidth` → 0 this is bilinear interpolation. That has a kink on every cell, and training starts exactly on one, where automatic
 * differentiation returns a one-sided or zero slope. So the surface is averaged over ± `halfWidth` cells along each axis (a box filter;
 * beyond the grid's edge it goes on flat): smooth everywhere, the slope on a cell is the mean of the slopes on its two sides, and the noise of
 * single cells is damped.
 *
 * Along one axis, interpolation is a sum of ramps clip(u − k, 0, 1) times the difference of cells k and k + 1; the average of a ramp over the box is
 * [J(x + h) − J(x − h)] / 2h with J(x) = ½relu(x)² − ½relu(x − 1)². Only ops whose gradients every TensorFlow.js backend has.
 */
export function cellWeights(tf: TensorFlow, positions: Tensor2D, grid: Grid, halfWidth: number): Tensor2D {
  const [n] = positions.shape
  const [atT0, atTheta] = tf.split(positions, 2, 1) as [Tensor2D, Tensor2D]
  const rows = axisWeights(tf, atT0, grid.t0.length, halfWidth).reshape([n, grid.t0.length, 1])
  const columns = axisWeights(tf, atTheta, grid.theta.length, halfWidth).reshape([n, 1, grid.theta.length])
  return tf.mul(rows, columns).reshape([n, grid.t0.length * grid.theta.length])
}

/** Bilinear interpolation of one surface (a row of `cells`, starting at `offset`) at one place. */
export function interpolate(cells: Float32Array, offset: number, grid: Grid, position: GridPosition): number {
  const width = grid.theta.length
  const row = clipToAxis(position.t0, grid.t0.length)
  const column = clipToAxis(position.theta, width)
  const [top, left] = [Math.floor(row), Math.floor(column)]
  const [down, right] = [row - top, column - left]
  const along = (r: number) => {
    const first = offset + r * width + left
    return right === 0 ? cells[first] : (1 - right) * cells[first] + right * cells[first + 1]
  }
  return down === 0 ? along(top) : (1 - down) * along(top) + down * along(top + 1)
}

function axisWeights(tf: TensorFlow, places: Tensor2D, length: number, halfWidth: number): Tensor2D {
  const [n] = places.shape
  const one = tf.ones([n, 1])
  if (length === 1) return one as Tensor2D
  const x = tf.sub(places, tf.range(0, length - 1).reshape([1, length - 1]))
  const area = (shift: number) =>
    tf.mul(0.5, tf.sub(tf.square(tf.relu(tf.add(x, shift))), tf.square(tf.relu(tf.add(x, shift - 1)))))
  const ramps = tf.div(tf.sub(area(halfWidth), area(-halfWidth)), 2 * halfWidth)
  return tf.sub(tf.concat([one, ramps], 1), tf.concat([ramps, tf.zeros([n, 1])], 1)) as Tensor2D
}
