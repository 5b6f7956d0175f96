import { PAD } from './layout'

/** Lanes 0 + 2 and 1 + 3 in float64. */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function pairSums(lanes: v128): v128 {
  return f64x2.add(
    f64x2.promote_low_f32x4(lanes),
    f64x2.promote_low_f32x4(v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1)),
  )
}

/** Sum of the four lanes in float64. */
// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function total(lanes: v128): f64 {
  const pairs = pairSums(lanes)
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1)
}

// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function laneSum(lanes: v128): i32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  )
}

// @ts-ignore: decorators on functions are AssemblyScript
@inline
export function padList(logits: usize, weights: usize, bytes: usize): void {
  for (let at = bytes; at < bytes + (PAD << 2); at += 16) {
    v128.store(logits + at, f32x4.splat(-Infinity))
    v128.store(weights + at, f32x4.splat(0))
  }
}
