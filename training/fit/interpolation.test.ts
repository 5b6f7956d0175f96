import type { Tensor2D } from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/tuner/index.js'
import type { Grid, GridPosition } from '../types.js'
import { cellWeights, writeCellWeights } from './interpolation.js'

const grid: Grid = { t0: [0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }
const place = fc.record({
  t0: fc.double({ min: 0, max: 6, noNaN: true }),
  theta: fc.double({ min: 0, max: 4, noNaN: true }),
})

function weightsAt(position: GridPosition, of: Grid = grid): Float64Array {
  const weights = new Float64Array(of.t0.length * of.theta.length)
  writeCellWeights(of, position, weights)
  return weights
}

/** Reads a surface that is given as a function of the place. */
function read(surface: (t0: number, theta: number) => number, position: GridPosition): number {
  return weightsAt(position).reduce((sum, weight, cell) => sum + weight * surface(Math.floor(cell / 5), cell % 5), 0)
}

describe('reading a surface between its cells', () => {
  it('returns the cell on a cell', () => {
    for (let cell = 0; cell < 35; cell++) {
      const weights = weightsAt({ t0: Math.floor(cell / 5), theta: cell % 5 })
      expect([...weights]).toEqual(Array.from({ length: 35 }, (_, i) => (i === cell ? 1 : 0)))
    }
  })

  it('has weights that sum to one, and reads planes exactly, up to the edges', () => {
    fc.assert(
      fc.property(place, (position) => {
        expect(read(() => 1, position)).toBeCloseTo(1, 12)
        const { t0, theta } = position
        expect(read((x, y) => 3 * x - 2 * y + x * y, position)).toBeCloseTo(3 * t0 - 2 * theta + t0 * theta, 10)
      }),
    )
  })

  it('reads parabolas exactly where there are two cells on each side, which straight lines do not', () => {
    const middle = fc.record({
      t0: fc.double({ min: 1, max: 5, noNaN: true }),
      theta: fc.double({ min: 1, max: 3, noNaN: true }),
    })
    fc.assert(
      fc.property(middle, (position) => {
        const { t0, theta } = position
        expect(read((x, y) => x * x - 0.5 * y * y, position)).toBeCloseTo(t0 * t0 - 0.5 * theta * theta, 10)
      }),
    )
  })

  it('moves a place outside the grid to its edge', () => {
    expect(weightsAt({ t0: -2, theta: 9 })).toEqual(weightsAt({ t0: 0, theta: 4 }))
  })

  it('works on axes of one and of two cells', () => {
    expect([...weightsAt({ t0: 0, theta: 0 }, { t0: [1], theta: [0] })]).toEqual([1])
    const [a, b] = weightsAt({ t0: 0, theta: 0.25 }, { t0: [1], theta: [0, 2] })
    expect(a).toBeCloseTo(0.75, 12)
    expect(b).toBeCloseTo(0.25, 12)
  })
})

describe.each(['wasm', 'cpu'] as const)('the same with TensorFlow.js on %s', (backend) => {
  const ready = selectBackend(backend)

  it('agrees with the plain weights', async () => {
    const { tf } = await ready
    const places = fc.sample(place, { numRuns: 100, seed: 1 })
    const tensor = tf.tensor2d(places.map(({ t0, theta }) => [t0, theta]))
    const weights = tf.tidy(() => cellWeights(tf, tensor, grid).arraySync())
    tensor.dispose()
    places.forEach((position, i) => {
      weightsAt(position).forEach((weight, cell) => {
        expect(weights[i][cell]).toBeCloseTo(weight, 5)
      })
    })
  })

  it('agrees on axes of one cell', async () => {
    const { tf } = await ready
    const single: Grid = { t0: [1], theta: [0, 2] }
    const weights = tf.tidy(() => cellWeights(tf, tf.tensor2d([[0, 0.25]]), single).arraySync())
    expect(weights[0][0]).toBeCloseTo(0.75, 6)
    expect(weights[0][1]).toBeCloseTo(0.25, 6)
  })

  const surface = Array.from({ length: 35 }, (_, cell) => Math.sin(cell) + 0.1 * cell)
  const slopesAt = async (places: [number, number][]): Promise<number[][]> => {
    const { tf } = await ready
    return tf.tidy(() => {
      const cells = tf.tensor2d(surface, [1, 35])
      const slopes = tf.grad((x) => tf.sum(tf.mul(cellWeights(tf, x as Tensor2D, grid), cells)))
      return slopes(tf.tensor2d(places)).arraySync() as number[][]
    })
  }

  it('has, on a cell, the slope of the line through its two neighbours, so that training gets away from there', async () => {
    const [[alongT0, alongTheta]] = await slopesAt([[3, 2]])
    expect(alongT0).toBeCloseTo((surface[22] - surface[12]) / 2, 4)
    expect(alongTheta).toBeCloseTo((surface[18] - surface[16]) / 2, 4)
  })

  it('has, on an edge, the slope to the next cell inside', async () => {
    const [[alongT0, alongTheta]] = await slopesAt([[6, 0]])
    expect(alongT0).toBeCloseTo(surface[30] - surface[25], 4)
    expect(alongTheta).toBeCloseTo(surface[31] - surface[30], 4)
  })

  it('has the slopes that small differences show, everywhere', async () => {
    const value = (t0: number, theta: number) =>
      weightsAt({ t0, theta }).reduce((sum, weight, cell) => sum + weight * surface[cell], 0)
    const step = 1e-5
    const inner = fc.sample(
      fc.tuple(fc.double({ min: 0.01, max: 5.99, noNaN: true }), fc.double({ min: 0.01, max: 3.99, noNaN: true })),
      { numRuns: 50, seed: 2 },
    )
    const slopes = await slopesAt(inner)
    inner.forEach(([t0, theta], i) => {
      expect(slopes[i][0]).toBeCloseTo((value(t0 + step, theta) - value(t0 - step, theta)) / (2 * step), 3)
      expect(slopes[i][1]).toBeCloseTo((value(t0, theta + step) - value(t0, theta - step)) / (2 * step), 3)
    })
  })
})
