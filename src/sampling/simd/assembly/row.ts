import { BLOCK, RESULTS } from './layout'
import { clamped, exp2OfNonPositive, LN_2, LOG2_E } from './exp2'
import { laneSum, pairSums, total } from './lanes'

/**
 * Highest of the logits; NaN when there is a NaN.
 *
 * @param count a multiple of PAD
 */
export function highest(logits: usize, count: i32): f32 {
  let a = f32x4.splat(-Infinity)
  let b = a
  let unordered = i32x4.splat(0)
  const end = logits + (<usize>count << 2)
  for (let at = logits; at < end; at += 32) {
    const x = v128.load(at)
    const y = v128.load(at, 16)
    // pmax is one instruction, but drops NaN; hence the mask.
    a = f32x4.pmax(a, x)
    b = f32x4.pmax(b, y)
    unordered = v128.or(unordered, v128.or(f32x4.ne(x, x), f32x4.ne(y, y)))
  }
  if (v128.any_true(unordered)) return NaN
  a = f32x4.pmax(a, b)
  return max<f32>(
    max<f32>(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max<f32>(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  )
}

/** Index of the first of the logits that equals `value`, which must be among them. */
export function firstIndexOf(logits: usize, value: f32): i32 {
  const wanted = f32x4.splat(value)
  let at = logits
  let mask = i32x4.bitmask(f32x4.eq(v128.load(at), wanted))
  while (mask === 0) {
    at += 16
    mask = i32x4.bitmask(f32x4.eq(v128.load(at), wanted))
  }
  return <i32>((at - logits) >> 2) + ctz(mask)
}

/**
 * RESULTS[0] = Σ e^d and RESULTS[1] = Σ d·e^d over all but the argmax, d = logit − max.
 *
 * @param count a multiple of PAD
 */
export function entropySums(logits: usize, count: i32, argmax: i32): void {
  const top = logits + (<usize>argmax << 2)
  const max = load<f32>(top)
  const maxima = f32x4.splat(max)
  const scales = f32x4.splat(LOG2_E)
  // Banned for the time of the loop, so that the argmax's own 1 does not swallow a small rest.
  store<f32>(top, -Infinity)
  let rest: f64 = 0
  let weighted: f64 = 0
  const end = logits + (<usize>count << 2)
  for (let start = logits; start < end; start += BLOCK << 2) {
    const stop = min(end, start + (BLOCK << 2))
    let restA = f32x4.splat(0)
    let restB = restA
    let weightedA = restA
    let weightedB = restA
    for (let at = start; at < stop; at += 32) {
      const x = clamped(f32x4.mul(f32x4.sub(v128.load(at), maxima), scales))
      const y = clamped(f32x4.mul(f32x4.sub(v128.load(at, 16), maxima), scales))
      const ex = exp2OfNonPositive(x)
      const ey = exp2OfNonPositive(y)
      restA = f32x4.add(restA, ex)
      restB = f32x4.add(restB, ey)
      weightedA = f32x4.add(weightedA, f32x4.mul(x, ex))
      weightedB = f32x4.add(weightedB, f32x4.mul(y, ey))
    }
    rest += total(f32x4.add(restA, restB))
    weighted += total(f32x4.add(weightedA, weightedB))
  }
  store<f32>(top, max)
  store<f64>(RESULTS, rest)
  store<f64>(RESULTS, weighted * LN_2, 8)
}

/**
 * Standard deviation of the logits above −∞ around their mean; in float64, so that kernels agree on who lies within n of them.
 *
 * @param count a multiple of PAD; at least one logit is finite
 */
export function deviation(logits: usize, count: i32): f64 {
  const end = logits + (<usize>count << 2)
  let sums = f64x2.splat(0)
  let finite = i32x4.splat(0)
  for (let at = logits; at < end; at += 16) {
    const x = v128.load(at)
    const mask = f32x4.gt(x, f32x4.splat(-Infinity))
    sums = f64x2.add(sums, pairSums(v128.and(x, mask)))
    finite = i32x4.sub(finite, mask)
  }
  const tokens = <f64>laneSum(finite)
  const mean = (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) / tokens
  let squares = f64x2.splat(0)
  for (let at = logits; at < end; at += 16) {
    const x = v128.load(at)
    squares = f64x2.add(squares, squaredDistances(f64x2.promote_low_f32x4(x), mean))
    squares = f64x2.add(squares, squaredDistances(f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 0, 1)), mean))
  }
  return sqrt((f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)) / tokens)
}

/** Of two logits; 0 for −∞. */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
function squaredDistances(x: v128, mean: f64): v128 {
  const d = f64x2.sub(x, f64x2.splat(mean))
  return v128.and(f64x2.mul(d, d), f64x2.gt(x, f64x2.splat(-Infinity)))
}
