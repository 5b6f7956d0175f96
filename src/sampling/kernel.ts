import type { ResolvedTruncation } from './truncation.js'
import type { SampledToken } from './types.js'

/** The row at temperature 1. */
export interface RowMeasure {
  /** Vocabulary id of the highest logit; the lowest id on ties. */
  argmax: number
  /** Nats, 0 … ln(vocabulary size). */
  entropy: number
}

/** `plain` is TypeScript in float64; `simd` is WebAssembly in float32, several times faster. */
export type KernelName = 'plain' | 'simd'

export type DrawnToken = Pick<SampledToken, 'token' | 'probability' | 'nucleusSize'>

/**
 * The heavy work of one row, in two steps between which the temperature rule runs. Scratch memory and returned objects
 * belong to the kernel and are overwritten by the next row.
 */
export interface RowKernel {
  name: KernelName
  /** @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere */
  measure(logits: Float32Array): Readonly<RowMeasure>
  /**
   * Draws from the row that `measure` was called with last.
   *
   * @param temperature > 0 and finite
   * @param uniform in [0, 1)
   */
  draw(logits: Float32Array, temperature: number, cuts: ResolvedTruncation, uniform: number): Readonly<DrawnToken>
}
