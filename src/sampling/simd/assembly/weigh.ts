import { BLOCK, PACK, RESULTS } from './layout'
import { clamped, exp2OfNonPositive, LOG2_E } from './exp2'
import { padList, total } from './lanes'

/**
 * Lists the tokens that matter at a temperature: weight = e^((logit − peak) · scale), in the order of their ids.
 * RESULTS[0] = sum of all weights that are not cut, listed or not.
 *
 * @param count a multiple of PAD
 * @param peak the highest logit
 * @param lowest tokens with a logit below this are cut: they have no weight
 * @param ignorable tokens with a weight below this part of the sum may be left out
 * @returns how many are listed
 */
export function weigh(
  logits: usize,
  count: i32,
  peak: f32,
  lowest: f32,
  scale: f32,
  ignorable: f64,
  ids: usize,
  kept: usize,
  weights: usize,
): i32 {
  const maxima = f32x4.splat(peak)
  const scales = f32x4.splat(scale * LOG2_E)
  const bottom = f32x4.splat(lowest)
  let sum: f64 = 0
  let listed: usize = 0
  const end = logits + (<usize>count << 2)
  for (let start = logits; start < end; start += BLOCK << 2) {
    const stop = min(end, start + (BLOCK << 2))
    // The sum so far, and the argmax's weight of 1, are at most the whole sum: nothing is left out that it would keep.
    const threshold = max<f32>(<f32>(ignorable * max<f64>(1, sum)), f32.MIN_NORMAL_VALUE)
    const thresholds = f32x4.splat(threshold)
    let block = f32x4.splat(0)
    for (let at = start; at < stop; at += 64) {
      const a = v128.load(at)
      const b = v128.load(at, 16)
      const c = v128.load(at, 32)
      const d = v128.load(at, 48)
      const wa = weightOf(a, maxima, scales, bottom)
      const wb = weightOf(b, maxima, scales, bottom)
      const wc = weightOf(c, maxima, scales, bottom)
      const wd = weightOf(d, maxima, scales, bottom)
      block = f32x4.add(block, f32x4.add(f32x4.add(wa, wb), f32x4.add(wc, wd)))
      // One test for 16 tokens: it is almost always the same way, so it is predicted well; packing has no branches.
      const heaviest = f32x4.pmax(f32x4.pmax(wa, wb), f32x4.pmax(wc, wd))
      if (v128.any_true(f32x4.ge(heaviest, thresholds))) {
        const id = i32x4.add(i32x4.splat(<i32>((at - logits) >> 2)), i32x4(0, 1, 2, 3))
        listed = list(wa, a, id, thresholds, ids, kept, weights, listed)
        listed = list(wb, b, i32x4.add(id, i32x4.splat(4)), thresholds, ids, kept, weights, listed)
        listed = list(wc, c, i32x4.add(id, i32x4.splat(8)), thresholds, ids, kept, weights, listed)
        listed = list(wd, d, i32x4.add(id, i32x4.splat(12)), thresholds, ids, kept, weights, listed)
      }
    }
    sum += total(block)
  }
  padList(kept, weights, listed)
  store<f64>(RESULTS, sum)
  return <i32>(listed >> 2)
}

/** e^((logit − peak) · scale), 0 for a logit below `bottom`. */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
function weightOf(logits: v128, maxima: v128, scales: v128, bottom: v128): v128 {
  const weights = exp2OfNonPositive(clamped(f32x4.mul(f32x4.sub(logits, maxima), scales)))
  return v128.and(weights, f32x4.ge(logits, bottom))
}

/** Appends the tokens with a weight of at least the threshold; returns the new length of the lists in bytes. */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
function list(
  weight: v128,
  logit: v128,
  id: v128,
  thresholds: v128,
  ids: usize,
  kept: usize,
  weights: usize,
  listed: usize,
): usize {
  const mask = i32x4.bitmask(f32x4.ge(weight, thresholds))
  const pack = v128.load(PACK + (<usize>mask << 4))
  v128.store(ids + listed, v128.swizzle(id, pack))
  v128.store(kept + listed, v128.swizzle(logit, pack))
  v128.store(weights + listed, v128.swizzle(weight, pack))
  return listed + (<usize>popcnt(mask) << 2)
}
