/** The row at temperature 1. */
export interface RowMeasure {
  /** Vocabulary id of the highest logit; the lowest id on ties. */
  argmax: number
  /** Nats, 0 … ln(vocabulary size). */
  entropy: number
}

/**
 * The tokens that can still be drawn after the temperature, in the order of their ids. Only the first `count` entries
 * of each array mean anything; the next row overwrites them.
 */
export interface Candidates {
  count: number
  ids: Int32Array
  logits: Float32Array
  /** e^((logit − max) / temperature): 1 for the argmax. */
  weights: Float32Array | Float64Array
  /** All candidates' logits lie in [max − span, max]. */
  span: number
  /** Sum of the weights over the whole vocabulary, left-out tokens included. */
  total: number
}

/**
 * The two passes over the vocabulary, which are all the heavy work of a draw. The temperature rule runs between them, and
 * what follows them looks at candidates only. Arrays and objects belong to the kernel and are reused for the next row.
 */
export interface RowKernel {
  name: 'plain' | 'simd'
  /** @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere */
  measure(logits: Float32Array): RowMeasure
  /**
   * Weighs the row that `measure` was called with last.
   *
   * @param temperature > 0
   * @param lowest tokens with (logit − max) / temperature below this are left out of the candidates; LOWEST_EXPONENT … 0
   */
  weigh(logits: Float32Array, temperature: number, lowest: number): Candidates
}
