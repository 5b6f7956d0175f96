import type { Tensor2D } from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { selectBackend } from '../../src/tuner/index.js'
import { buildNetwork } from '../../src/tuner/network.js'
import { averageNetwork } from './ensemble.js'

it('one network gives the mean of its members', async () => {
  const { tf } = await selectBackend('cpu')
  const shape = { inputs: 5, hidden: [4, 3] }
  const members = [1, 2, 3].map((seed) => {
    const network = buildNetwork(tf, { ...shape, seed })
    const last = network.layers[network.layers.length - 1]
    last.setWeights([tf.randomNormal([3, 2], 0, 1, 'float32', seed), tf.tensor1d([seed, -seed])])
    return network
  })
  const input = tf.randomNormal([7, 5], 0, 1, 'float32', 9) as Tensor2D
  const expected = tf.div(tf.addN(members.map((network) => network.predict(input) as Tensor2D)), 3)
  const found = averageNetwork(tf, members, shape).predict(input) as Tensor2D
  const largest = tf.max(tf.abs(tf.sub(expected, found))).dataSync()[0]
  expect(largest).toBeLessThan(1e-5)
})
