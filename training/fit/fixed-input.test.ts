import type { LayersModel, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/tuner/index.js'
import { buildNetwork } from '../../src/tuner/network.js'
import { applyToFixed } from './fixed-input.js'

const { tf } = await selectBackend('wasm')

/** A network whose last layer is not zero, so that every layer has a gradient. */
function randomNetwork(hidden: number[]): LayersModel {
  const network = buildNetwork(tf, { inputs: 5, hidden, seed: 3 })
  network.setWeights(network.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 1, 'float32', i + 1)))
  return network
}

describe('applyToFixed', () => {
  it.each([[[8, 6]], [[7]], [[]]])(
    'gives what apply gives, and the same gradients, with hidden layers %j',
    (hidden) => {
      const network = randomNetwork(hidden)
      const rows = tf.randomNormal([20, 5], 0, 1, 'float32', 9) as Tensor2D
      const transposed = tf.transpose(rows) as Tensor2D
      const variables = network.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val)
      const gradients = (forward: () => Tensor2D) => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(forward())), variables)
        return [value, ...variables.map(({ name }) => grads[name])].map((tensor: Tensor) => [...tensor.dataSync()])
      }
      const plain = gradients(() => network.apply(rows) as Tensor2D)
      const cheap = gradients(() => applyToFixed(tf, network, { rows, transposed }))
      expect(cheap).toHaveLength(1 + 2 * (hidden.length + 1))
      cheap.forEach((values, i) => {
        const scale = Math.max(...plain[i].map(Math.abs))
        expect(scale).toBeGreaterThan(0)
        values.forEach((value, k) => {
          expect(Math.abs(value - plain[i][k])).toBeLessThan(1e-5 * scale)
        })
      })
    },
  )
})
