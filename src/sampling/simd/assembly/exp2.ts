/** Exponents of 2 that round to this or less count as a weight of 0, as in the plain kernel. */
const LOWEST: f32 = -126
export const LOG2_E: f32 = 1.44269504
export const LN_2: f64 = 0.6931471805599453

/**
 * 2^z lane by lane for z ≤ 0 after `clamped`; 0 below LOWEST.
 * z = n + r, |r| ≤ 1/2, both exact: a minimax polynomial in r with p(0) = 1 (relative error below 1.8e-7 with the rounding of float32), exponent n by
 * integer addition. The polynomial is doubled and the exponent's bias one less, so that the lowest n gives +0 without a comparison.
 */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function exp2OfNonPositive(z: v128): v128 {
  // Adding 1.5·2^23 rounds to the nearest integer and leaves it in the low bits of the sum.
  const shifted = f32x4.add(z, f32x4.splat(12582912.0))
  const r = f32x4.sub(z, f32x4.sub(shifted, f32x4.splat(12582912.0)))
  let p = f32x4.splat(2.6423207e-3)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.9342586e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.110180020e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.804450572e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.386293769))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(2))
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(126 << 23)))
}

/** Not below LOWEST; LOWEST for NaN, too (which is 0 · −∞, a banned token at a huge temperature). */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function clamped(z: v128): v128 {
  return f32x4.pmax(f32x4.splat(LOWEST), z)
}
