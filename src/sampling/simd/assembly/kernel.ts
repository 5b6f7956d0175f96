/**
 * The heavy loops of a draw in AssemblyScript with 128-bit SIMD, compiled to WebAssembly by `npm run build:kernel`.
 *
 * Conventions: the caller lays out the memory and passes byte addresses, aligned to 16. A row of logits is padded with −∞
 * to a multiple of PAD lanes. Lists (candidates, bracket) are padded by the function that writes them (logit −∞, weight 0)
 * and need room for PAD more entries than they hold. Sums are gathered in float32 lanes for at most BLOCK entries and then
 * carried in float64, so that their relative error stays near 1e-7 for any vocabulary. Numbers beyond a function's return
 * value are written to RESULTS.
 */

/** Lanes; rows and lists are padded to a multiple of it. */
const PAD: i32 = 16
/** Entries that are summed in float32. */
const BLOCK: i32 = 256
/** Entries of one partial sum of the final draw. */
const DRAW_BLOCK: i32 = 64
/** Exponents of 2 that round to this or less count as a weight of 0, as in the plain kernel. */
const LOWEST: f32 = -126
const LOG2_E: f32 = 1.44269504
const LN_2: f64 = 0.6931471805599453

/** Six float64. */
const RESULTS: usize = memory.data(48, 16)

/** For each of the 16 masks of four lanes, the byte shuffle that moves the chosen lanes to the front. */
const PACK: usize = memory.data(256, 16)

function fillPackTable(): void {
  for (let mask = 0; mask < 16; mask++) {
    let place = 0
    for (let lane = 0; lane < 4; lane++) {
      if ((mask >> lane) & 1) {
        for (let byte = 0; byte < 4; byte++) store<u8>(PACK + (mask << 4) + place++, <u8>((lane << 2) + byte))
      }
    }
    // Out of range for swizzle, which then gives 0.
    while (place < 16) store<u8>(PACK + (mask << 4) + place++, 0xff)
  }
}
fillPackTable()

export function resultsAddress(): usize {
  return RESULTS
}

/** Where the caller's memory begins. */
export function heapAddress(): usize {
  return (__heap_base + 15) & ~15
}

/**
 * 2^z lane by lane for z ≤ 0 after `clamped`; 0 below LOWEST.
 * z = n + r, |r| ≤ 1/2, both exact: a minimax polynomial in r with p(0) = 1 (relative error below 1.8e-7 with the rounding of float32), exponent n by
 * integer addition. The polynomial is doubled and the exponent's bias one less, so that the lowest n gives +0 without a comparison.
 */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
function exp2OfNonPositive(z: v128): v128 {
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
// @ts-ignore
@inline
function clamped(z: v128): v128 {
  return f32x4.pmax(f32x4.splat(LOWEST), z)
}

/** Lanes 0 + 2 and 1 + 3 in float64. */
// @ts-ignore
@inline
function pairSums(lanes: v128): v128 {
  return f64x2.add(
    f64x2.promote_low_f32x4(lanes),
    f64x2.promote_low_f32x4(v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1)),
  )
}

/** Sum of the four lanes in float64. */
// @ts-ignore
@inline
function total(lanes: v128): f64 {
  const pairs = pairSums(lanes)
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1)
}

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
// @ts-ignore
@inline
function squaredDistances(x: v128, mean: f64): v128 {
  const d = f64x2.sub(x, f64x2.splat(mean))
  return v128.and(f64x2.mul(d, d), f64x2.gt(x, f64x2.splat(-Infinity)))
}

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
// @ts-ignore
@inline
function weightOf(logits: v128, maxima: v128, scales: v128, bottom: v128): v128 {
  const weights = exp2OfNonPositive(clamped(f32x4.mul(f32x4.sub(logits, maxima), scales)))
  return v128.and(weights, f32x4.ge(logits, bottom))
}

/** Appends the tokens with a weight of at least the threshold; returns the new length of the lists in bytes. */
// @ts-ignore
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

// @ts-ignore
@inline
function padList(logits: usize, weights: usize, bytes: usize): void {
  for (let at = bytes; at < bytes + (PAD << 2); at += 16) {
    v128.store(logits + at, f32x4.splat(-Infinity))
    v128.store(weights + at, f32x4.splat(0))
  }
}

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

// @ts-ignore
@inline
function laneSum(lanes: v128): i32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  )
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
