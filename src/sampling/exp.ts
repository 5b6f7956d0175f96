/**
 * Weights below e^−87 of the most probable token's count as zero: they are below the smallest normal float32, and no
 * uniform number of 53 bits could ever reach them. All paths (plain, SIMD, reference) share this limit.
 */
export const LOWEST_EXPONENT = -87

const STEPS = 32
const STEPS_PER_NAT = STEPS / Math.LN2
const STEP = Math.LN2 / STEPS
const FRACTION = Float64Array.from({ length: STEPS }, (_, j) => 2 ** (-j / STEPS))
const POWER = Float64Array.from({ length: 128 }, (_, k) => 2 ** -k)

/**
 * e^z for z in [LOWEST_EXPONENT, 0], relative error below 2e-13.
 *
 * z = −n·ln2/32 + r with r in (−ln2/32, 0]: two table look-ups and a Taylor polynomial of degree 5 in r. Half the time
 * of `Math.exp`, which V8 does not inline.
 */
export function expOfNonPositive(z: number): number {
  const n = (z * -STEPS_PER_NAT) | 0
  const r = z + n * STEP
  return FRACTION[n & 31] * POWER[n >> 5] * (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))))
}
