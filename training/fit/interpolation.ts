import type { Tensor2D } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
import { clipToAxis } from '../../src/tuner/grid.js'
import type { Grid, GridPosition } from '../types.js'

/**
 * How a surface is read between its cells: bicubic convolution (Keys 1981, a = −½; Catmull–Rom), along each axis in units of cells.
 *
 * On a cell it returns the cell. Bilinear interpolation would too, but has a kink there, and training starts exactly on a cell: automatic
 * differentiation then gives a slope that has nothing to do with the surface. And Self-BLEU falls convexly with temperature, so straight
 * lines make every place between cells look worse than it is (on the embedded tasks, with T0 = 1.0 left out, the line from 0.8 to 1.3 puts
 * Self-BLEU 0.6 to 3.6 points too high), and a tuner that is judged by them had better sit on the cells. The cubic is smooth, its slope on a
 * cell is that of the line through the two neighbours, and it is linear in the surface, so that it is a matrix product too. Beyond the edge
 * the surface goes on in a straight line, which makes the slope on an edge the one-sided difference.
 *
 * The kernel is written in truncated powers, W(x) = ½a²(a − 1) + b²(1 − 2b) with a = relu(2 − |x|), b = relu(1 − |x|), which needs no
 * case distinctions and only ops whose gradients every TensorFlow.js backend has.
 *
 * @see R. Keys, Cubic convolution interpolation for digital image processing, IEEE TASSP 29 (1981)
 */
const kernel = (x: number): number => {
  const a = Math.max(0, 2 - Math.abs(x))
  const b = Math.max(0, 1 - Math.abs(x))
  return 0.5 * a * a * (a - 1) + b * b * (1 - 2 * b)
}

/**
 * Weights of the grid's cells at places on it, as a differentiable op: `[n, 2]` places (T0, θ; in cells, inside the grid) → `[n, cells]`. Each
 * row sums to 1. A surface's value at the place is the weighted sum of its cells.
 */
export function cellWeights(tf: TensorFlow, positions: Tensor2D, grid: Grid): Tensor2D {
  const [n] = positions.shape
  const [atT0, atTheta] = tf.split(positions, 2, 1) as [Tensor2D, Tensor2D]
  const rows = axisWeights(tf, atT0, grid.t0.length).reshape([n, grid.t0.length, 1])
  const columns = axisWeights(tf, atTheta, grid.theta.length).reshape([n, 1, grid.theta.length])
  return tf.mul(rows, columns).reshape([n, grid.t0.length * grid.theta.length])
}

/** Writes the weights of the cells at one place, without TensorFlow.js; a place outside the grid is moved to its edge. */
export function writeCellWeights(grid: Grid, position: GridPosition, out: Float64Array): void {
  const rows = plainAxisWeights(position.t0, grid.t0.length)
  const columns = plainAxisWeights(position.theta, grid.theta.length)
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < columns.length; j++) out[i * columns.length + j] = rows[i] * columns[j]
  }
}

function axisWeights(tf: TensorFlow, places: Tensor2D, length: number): Tensor2D {
  if (length === 1) return tf.onesLike(places)
  const distance = tf.abs(tf.sub(places, tf.range(-1, length + 1).reshape([1, length + 2])))
  const a = tf.relu(tf.sub(2, distance))
  const b = tf.relu(tf.sub(1, distance))
  const outer = tf.mul(tf.square(a), tf.sub(tf.mul(a, 0.5), 0.5))
  const inner = tf.mul(tf.square(b), tf.sub(1, tf.mul(b, 2)))
  return tf.matMul(tf.add(outer, inner) as Tensor2D, tf.tensor2d(foldEdges(length), [length + 2, length]))
}

function plainAxisWeights(place: number, length: number): number[] {
  const at = clipToAxis(place, length)
  const weights = Array.from({ length }, (_, node) => kernel(at - node))
  if (length === 1) return [1]
  const [before, after] = [kernel(at + 1), kernel(at - length)]
  weights[0] += 2 * before
  weights[1] -= before
  weights[length - 1] += 2 * after
  weights[length - 2] -= after
  return weights
}

/** The two cells that are missing beyond the ends of an axis lie on straight lines: S₋₁ = 2S₀ − S₁ and Sₙ = 2Sₙ₋₁ − Sₙ₋₂. */
function foldEdges(length: number): Float32Array {
  const matrix = new Float32Array((length + 2) * length)
  for (let node = 0; node < length; node++) matrix[(node + 1) * length + node] = 1
  matrix[0] += 2
  matrix[1] -= 1
  matrix[matrix.length - 1] += 2
  matrix[matrix.length - 2] -= 1
  return matrix
}
