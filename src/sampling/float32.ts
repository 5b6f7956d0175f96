const value = new Float32Array(1)
const bits = new Int32Array(value.buffer)

/** The smallest float32 that is not below `x`, so that a float32 is ≥ one exactly when it is ≥ the other. @param x finite */
export function ceilToFloat32(x: number): number {
  value[0] = x
  if (value[0] >= x) return value[0]
  // Rounded down: the next float32 upwards has the next bit pattern, counted towards zero where the sign bit is set.
  if (value[0] === 0) bits[0] = 1
  else bits[0] += value[0] > 0 ? 1 : -1
  return value[0]
}
