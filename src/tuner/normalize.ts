import type { Normalization } from './types.js'

/** Beyond this many standard deviations a feature tells only that it is unusual; it must not drive the network anywhere. */
const limit = 5

/**
 * The network's input of one prompt: `clip((x − mean) / std, −5, 5)`.
 * @param out written from `offset` on
 */
export function normalize(values: Float32Array, { means, stds }: Normalization, out: Float32Array, offset = 0): void {
  for (let i = 0; i < values.length; i++) {
    out[offset + i] = Math.max(-limit, Math.min(limit, (values[i] - means[i]) / stds[i]))
  }
}
