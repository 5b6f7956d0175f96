import { DRAW_BLOCK, RESULTS } from './layout'
import { laneSum, total } from './lanes'

/**
 * Draws from the entries of a list that have a weight of at least `minWeight` and a logit of at least `cutoff`: the first
 * one whose cumulative weight exceeds `uniform` times their sum.
 * RESULTS[0] = that sum, RESULTS[1] = how many entries, RESULTS[2] = how many of them are equal to `cutoff`.
 *
 * @param sums room for one float64 for every DRAW_BLOCK entries
 * @returns the place of the drawn entry in the list
 */
export function pick(
  logits: usize,
  weights: usize,
  count: i32,
  cutoff: f32,
  minWeight: f32,
  uniform: f64,
  sums: usize,
): i32 {
  const cutoffs = f32x4.splat(cutoff)
  // Above 0 in any case: that keeps the padding out.
  const lightest = max<f32>(minWeight, f32.MIN_NORMAL_VALUE)
  const lightests = f32x4.splat(lightest)
  const end = <usize>count << 2
  let sum: f64 = 0
  let kept = i32x4.splat(0)
  let equal = kept
  let into = sums
  for (let start: usize = 0; start < end; start += DRAW_BLOCK << 2) {
    const stop = min(end, start + (DRAW_BLOCK << 2))
    let block = f32x4.splat(0)
    for (let at = start; at < stop; at += 16) {
      const logit = v128.load(logits + at)
      const weight = v128.load(weights + at)
      const mask = v128.and(f32x4.ge(weight, lightests), f32x4.ge(logit, cutoffs))
      block = f32x4.add(block, v128.and(weight, mask))
      kept = i32x4.sub(kept, mask)
      equal = i32x4.sub(equal, v128.and(mask, f32x4.eq(logit, cutoffs)))
    }
    const blockSum = total(block)
    store<f64>(into, blockSum)
    into += 8
    sum += blockSum
  }
  store<f64>(RESULTS, sum)
  store<f64>(RESULTS, <f64>laneSum(kept), 8)
  store<f64>(RESULTS, <f64>laneSum(equal), 16)

  const target = uniform * sum
  let reached: f64 = 0
  let drawn: usize = 0
  let block = sums
  // The same sums in the same order; should rounding lead past the end all the same, the last kept entry is drawn.
  for (; block < into; block += 8) {
    const blockSum = load<f64>(block)
    if (blockSum === 0) continue
    drawn = ((block - sums) >> 3) * (DRAW_BLOCK << 2)
    if (reached + blockSum > target) break
    reached += blockSum
  }
  const stop = min(end, drawn + (DRAW_BLOCK << 2))
  for (let at = drawn; at < stop; at += 4) {
    const weight = load<f32>(weights + at)
    if (weight < lightest || load<f32>(logits + at) < cutoff) continue
    drawn = at
    reached += <f64>weight
    if (reached > target) break
  }
  return <i32>(drawn >> 2)
}

/** Sets the weight of all entries equal to `cutoff`, except the first `ties`, to 0: the cutoff runs through equal logits. */
export function dropTies(logits: usize, weights: usize, count: i32, cutoff: f32, ties: i32): void {
  const end = <usize>count << 2
  for (let at: usize = 0; at < end; at += 4) {
    if (load<f32>(logits + at) === cutoff && --ties < 0) store<f32>(weights + at, 0)
  }
}
