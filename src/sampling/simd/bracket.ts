import { type Prefix, type PrefixMeasure, selectPrefix } from '../select.js'
import type { KernelExports } from './instance.js'
import type { KernelMemory } from './memory.js'

/** Brackets of at most this many tokens are left to quickselect. */
const SMALL = 128
/** Long lists are first looked at through every 16th group of lanes, for a good first bracket. */
const LONG = 4096
const STRIDE = 16
const SAMPLE_ROUNDS = 4
/** The sampled bracket is widened by this many times its width on both sides, about two standard errors at LONG. */
const MARGIN = 2

/** The limits of four brackets: [bounds[i + 1], bounds[i]). Float32, so that all passes see the same numbers. */
const bounds = Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 0, Number.NEGATIVE_INFINITY)

/**
 * The smallest prefix of the candidates in `memory`, most probable first, that reaches a target (see `selectPrefix`).
 *
 * Each round measures in one SIMD pass what lies above three thresholds and copies the bracket with the edge, so that
 * the rounds get shorter; the last few tokens go to quickselect. Which thresholds are tried only decides the speed.
 *
 * @param count how many candidates, ≥ 1
 * @param max highest logit
 * @param span the edge is expected in [max − span, max]; found elsewhere too, only slower
 */
export function bracketPrefix(
  wasm: KernelExports,
  memory: KernelMemory,
  count: number,
  target: number,
  measuredBy: PrefixMeasure,
  max: number,
  span: number,
): Prefix {
  const { results, bracketLogits, bracketWeights } = memory
  const offset = measuredBy === 'count' ? 3 : 0
  let logits = memory.kept
  let weights = memory.weights
  let size = count
  let reached = 0
  let weight = 0
  let high = max
  let low = max - span

  /** Measures the brackets between three thresholds and returns which one has the edge. */
  const locate = (top: number, bottom: number, stride: number): number => {
    for (let i = 1; i <= 3; i++) bounds[i] = top + ((i - 1) / 2) * (bottom - top)
    wasm.measureAbove(logits, weights, size, stride, bounds[1], bounds[2], bounds[3])
    let bracket = 0
    while (bracket < 3 && reached + stride * results[offset + bracket] < target) bracket++
    if (bracket > 0) high = bounds[bracket]
    if (bracket < 3) low = bounds[bracket + 1]
    return bracket
  }
  const quarters = (stride: number) => locate(high - (high - low) / 4, low + (high - low) / 4, stride)

  let sampled = false
  if (count > LONG) {
    for (let round = 0; round < SAMPLE_ROUNDS; round++) quarters(STRIDE)
    sampled = true
  }
  let before: number
  do {
    let bracket: number
    if (sampled) {
      const margin = MARGIN * (high - low)
      const [top, bottom] = [high + margin, low - margin]
      high = max
      low = max - span
      bracket = locate(top, bottom, 1)
      sampled = false
    } else {
      bracket = quarters(1)
    }
    if (bracket > 0) {
      reached += results[offset + bracket - 1]
      weight += results[bracket - 1]
    }
    before = size
    size = wasm.copyBetween(logits, weights, size, bounds[bracket + 1], bounds[bracket], bracketLogits, bracketWeights)
    logits = bracketLogits
    weights = bracketWeights
  } while (size > SMALL && size < before)
  // All together do not reach the target, by the rounding of the sums: keep all.
  if (size === 0) return { logit: Number.NEGATIVE_INFINITY, ties: 0, weight }
  const prefix = selectPrefix(memory.bracketLogitsView, memory.bracketWeightsView, size, target - reached, measuredBy)
  prefix.weight += weight
  return prefix
}
