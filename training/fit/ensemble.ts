import type { LayersModel, Tensor } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
import { buildNetwork } from '../../src/tuner/network.js'

/**
 * One network whose output is the mean of the members' outputs: their hidden layers side by side (block-diagonal kernels), the last layers
 * stacked and divided by their number. So a checkpoint stays one plain network, whatever trained it.
 */
export function averageNetwork(
  tf: TensorFlow,
  members: readonly LayersModel[],
  shape: { inputs: number; hidden: readonly number[] },
): LayersModel {
  const count = members.length
  const network = buildNetwork(tf, { ...shape, hidden: shape.hidden.map((units) => units * count) })
  tf.tidy(() => {
    const layers = network.layers.length
    for (let layer = 0; layer < layers; layer++) {
      const kernels = members.map((member) => member.layers[layer].getWeights()[0])
      const biases = members.map((member) => member.layers[layer].getWeights()[1])
      const last = layer === layers - 1
      const kernel = last
        ? tf.div(tf.concat(kernels, 0), count)
        : layer === 0
          ? tf.concat(kernels, 1)
          : blockDiagonal(tf, kernels)
      const bias = last ? tf.div(tf.addN(biases), count) : tf.concat(biases, 0)
      network.layers[layer].setWeights([kernel, bias])
    }
  })
  return network
}

function blockDiagonal(tf: TensorFlow, blocks: readonly Tensor[]): Tensor {
  const rows = blocks.map((block, i) =>
    tf.concat(
      blocks.map((other, j) => (i === j ? block : tf.zeros([block.shape[0]!, other.shape[1]!]))),
      1,
    ),
  )
  return tf.concat(rows, 0)
}
