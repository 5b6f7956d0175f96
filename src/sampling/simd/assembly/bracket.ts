import { BLOCK, PACK, RESULTS } from './layout'
import { laneSum, padList, total } from './lanes'

/**
 * How much of a list lies at or above three logits, high ≥ middle ≥ low.
 * RESULTS[0..2] = sums of weights, RESULTS[3..5] = numbers of tokens.
 *
 * @param stride looks at every stride-th group of four entries only; 1 looks at all
 */
export function measureAbove(
  logits: usize,
  weights: usize,
  count: i32,
  stride: i32,
  high: f32,
  middle: f32,
  low: f32,
): void {
  const t1 = f32x4.splat(high)
  const t2 = f32x4.splat(middle)
  const t3 = f32x4.splat(low)
  let w1: f64 = 0
  let w2: f64 = 0
  let w3: f64 = 0
  let n1 = i32x4.splat(0)
  let n2 = n1
  let n3 = n1
  const end = <usize>count << 2
  const step = <usize>stride << 4
  for (let start: usize = 0; start < end; start += BLOCK << 2) {
    const stop = min(end, start + (BLOCK << 2))
    let b1 = f32x4.splat(0)
    let b2 = b1
    let b3 = b1
    for (let at = start; at < stop; at += step) {
      const logit = v128.load(logits + at)
      const weight = v128.load(weights + at)
      const m1 = f32x4.ge(logit, t1)
      const m2 = f32x4.ge(logit, t2)
      const m3 = f32x4.ge(logit, t3)
      b1 = f32x4.add(b1, v128.and(weight, m1))
      b2 = f32x4.add(b2, v128.and(weight, m2))
      b3 = f32x4.add(b3, v128.and(weight, m3))
      n1 = i32x4.sub(n1, m1)
      n2 = i32x4.sub(n2, m2)
      n3 = i32x4.sub(n3, m3)
    }
    w1 += total(b1)
    w2 += total(b2)
    w3 += total(b3)
  }
  store<f64>(RESULTS, w1)
  store<f64>(RESULTS, w2, 8)
  store<f64>(RESULTS, w3, 16)
  store<f64>(RESULTS, <f64>laneSum(n1), 24)
  store<f64>(RESULTS, <f64>laneSum(n2), 32)
  store<f64>(RESULTS, <f64>laneSum(n3), 40)
}

/**
 * Copies the entries of a list with low ≤ logit < high to another list, which may be the same.
 *
 * @returns how many were copied
 */
export function copyBetween(
  logits: usize,
  weights: usize,
  count: i32,
  low: f32,
  high: f32,
  intoLogits: usize,
  intoWeights: usize,
): i32 {
  const lows = f32x4.splat(low)
  const highs = f32x4.splat(high)
  let listed: usize = 0
  const end = <usize>count << 2
  for (let at: usize = 0; at < end; at += 16) {
    const logit = v128.load(logits + at)
    const weight = v128.load(weights + at)
    // The padding's weight of 0 keeps it out of a bracket without a lower bound.
    const inside = v128.and(f32x4.ge(logit, lows), f32x4.lt(logit, highs))
    const mask = i32x4.bitmask(v128.and(inside, f32x4.gt(weight, f32x4.splat(0))))
    const pack = v128.load(PACK + (<usize>mask << 4))
    v128.store(intoLogits + listed, v128.swizzle(logit, pack))
    v128.store(intoWeights + listed, v128.swizzle(weight, pack))
    listed += <usize>popcnt(mask) << 2
  }
  padList(intoLogits, intoWeights, listed)
  return <i32>(listed >> 2)
}
