import type { Tensor2D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { selectBackend } from './backend.js'
import { buildNetwork, clipToGrid } from './network.js'

describe.each(['wasm', 'cpu'] as const)('the network on %s', (backend) => {
  const ready = selectBackend(backend)

  it('starts with a step of exactly zero for every prompt', async () => {
    const { tf } = await ready
    const network = buildNetwork(tf, { inputs: 4, hidden: [16, 16], seed: 1 })
    const steps = tf.tidy(() => (network.predict(tf.randomNormal([50, 4], 0, 3)) as Tensor2D).arraySync())
    expect(new Set(steps.map(String))).toEqual(new Set(['0,0']))
    network.dispose()
  })

  it('has the same weights for the same seed and others for another, seed 0 included', async () => {
    const { tf } = await ready
    const kernel = (seed: number) => {
      const network = buildNetwork(tf, { inputs: 4, hidden: [8], seed })
      const values = [...network.getWeights()[0].dataSync()]
      network.dispose()
      return values
    }
    expect(kernel(0)).toEqual(kernel(0))
    expect(kernel(0)).not.toEqual(kernel(1))
  })

  it('clips to the grid; the gradient passes inside and on the edge, and outside only inwards', async () => {
    const { tf } = await ready
    //                     inside    on edges   below (in, out)  above (in, out)
    const places = [2, 1, 0, 4, -1, -1, 7, 9]
    const slopes = [3, -3, 3, -3, -3, 3, 3, -3] // descending moves against these
    const { value, grad } = tf.tidy(() => {
      const pull = tf.valueAndGrad((x) =>
        tf.sum(tf.mul(clipToGrid(tf, x as Tensor2D, [7, 5]), tf.tensor2d(slopes, [4, 2]))),
      )
      const result = pull(tf.tensor2d(places, [4, 2]))
      return { value: result.value.dataSync()[0], grad: [...result.grad.dataSync()] }
    })
    const clipped = [2, 1, 0, 4, 0, 0, 6, 4]
    expect(value).toBe(clipped.reduce((sum, place, i) => sum + place * slopes[i], 0))
    expect(grad).toEqual([3, -3, 3, -3, -3, 0, 3, 0])
  })
})
