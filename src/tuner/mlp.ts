/** One dense layer: `activation(x · kernel + bias)`. */
export interface DenseLayer {
  /** `[inputs, units]`, row by row. */
  kernel: Float32Array
  bias: Float32Array
  inputs: number
  units: number
  activation: 'relu' | 'linear'
}

/**
 * The forward pass of a stack of dense layers for one input, in plain JavaScript.
 *
 * This, and not TensorFlow.js, runs at inference: users of a tuner need not load TensorFlow.js at all (a tuner is ready in 5 ms instead of
 * 100 to 500), and a prediction of the shipped tuner (448 → 128 → 128 → 2) takes 35 µs instead of 100 µs on wasm. TensorFlow.js stays the
 * reference: a test holds the two together to 1e-5.
 *
 * @param input length = inputs of the first layer
 * @returns length = units of the last layer
 */
export function forward(layers: readonly DenseLayer[], input: Float32Array): Float32Array {
  let x = input
  for (const { kernel, bias, inputs, units, activation } of layers) {
    const y = Float32Array.from(bias)
    for (let i = 0; i < inputs; i++) {
      const value = x[i]
      if (value === 0) continue // half of a relu layer's outputs
      const row = i * units
      for (let j = 0; j < units; j++) y[j] += value * kernel[row + j]
    }
    if (activation === 'relu') for (let j = 0; j < units; j++) if (y[j] < 0) y[j] = 0
    x = y
  }
  return x
}
