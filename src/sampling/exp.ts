/**
 * Weights below 2^−125.5 (e^−87) of the most probable token's count as zero: they are next to the smallest normal float32, and no
 * uniform number of 53 bits could ever reach them. All paths (plain, SIMD, reference) share this limit.
 */
export const LOWEST_EXPONENT = -125.5 * Math.LN2

const STEPS_PER_NAT = 64
/** e^(−n/64); a power of two, so that the mask in the look-up shows V8 that no index can be out of bounds. */
const TABLE = Float64Array.from({ length: 8192 }, (_, n) => Math.exp(-n / STEPS_PER_NAT))

/**
 * e^z for z in [LOWEST_EXPONENT, 0], relative error below 1e-13.
 *
 * z = −n/64 + r with r in (−1/64, 0]: e^(−n/64) from a table and a Taylor polynomial of degree 5 in r (r is exact, since
 * 1/64 is). A third of the time of `Math.exp`, which V8 does not inline.
 */
export function expOfNonPositive(z: number): number {
  const n = (z * -STEPS_PER_NAT) | 0
  const r = z + n * (1 / STEPS_PER_NAT)
  return TABLE[n & 8191] * (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))))
}
