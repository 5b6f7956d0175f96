/** The grid of (T0, θ). Cell `i · theta.length + j` is (t0[i], theta[j]). */
export interface Grid {
  /** Ascending, > 0. */
  t0: readonly number[]
  /** Ascending, ≥ 0; 0 is fixed temperature. */
  theta: readonly number[]
}

/** One setting of EDT: upper bound of the temperature T0 > 0 and sensitivity θ ≥ 0. */
export interface Cell {
  t0: number
  theta: number
}

/** Places on the two axes of a grid, in cells: 0 … length − 1 each; 1.5 is halfway between the second and the third value. */
export interface GridPosition {
  t0: number
  theta: number
}

/** What turns raw features into the network's input: `clip((x − mean) / std, −5, 5)`. Arrays of one length. */
export interface Normalization {
  means: Float32Array
  /** All > 0; 1 for a feature that never changed in training. */
  stds: Float32Array
}
