import { type Prefix, type PrefixMeasure, selectPrefix } from '../select.js'
import type { Candidates } from './candidates.js'

const BUCKETS = 1024
const mass = new Float64Array(BUCKETS)
const counts = new Int32Array(BUCKETS)
let bucketLogits = new Float32Array(0)
let bucketWeights = new Float64Array(0)

/**
 * The smallest prefix of the candidates, most probable first (the lower id first on ties), that reaches a target: a
 * number of tokens, or a sum of weights. When all of them together do not reach it, all are kept.
 *
 * No sort of the vocabulary: a histogram over the logits finds the bucket in which the prefix ends, and a weighted
 * quickselect finds the end inside that bucket. Expected time is linear in the number of candidates.
 */
export function prefixReaching(target: number, measuredBy: PrefixMeasure, candidates: Candidates, max: number): Prefix {
  const { count, logits, weights, span } = candidates
  // Finite, so that equal logits (difference 0) fall in bucket 0 even when the span is 0.
  const scale = Math.min(BUCKETS / span, Number.MAX_VALUE)
  mass.fill(0)
  counts.fill(0)
  for (let j = 0; j < count; j++) {
    const bucket = bucketOf(logits[j], max, scale)
    mass[bucket] += weights[j]
    counts[bucket]++
  }
  const measure = measuredBy === 'count' ? counts : mass
  const last = counts.findLastIndex((tokens) => tokens > 0)
  let end = 0
  let above = 0
  let weightAbove = 0
  while (end < last && above + measure[end] < target) {
    above += measure[end]
    weightAbove += mass[end]
    end++
  }

  const size = counts[end]
  if (bucketLogits.length < size) {
    bucketLogits = new Float32Array(2 * size)
    bucketWeights = new Float64Array(2 * size)
  }
  const intoLogits = bucketLogits
  const intoWeights = bucketWeights
  for (let j = 0, filled = 0; filled < size; j++) {
    if (bucketOf(logits[j], max, scale) === end) {
      intoLogits[filled] = logits[j]
      intoWeights[filled] = weights[j]
      filled++
    }
  }
  const prefix = selectPrefix(intoLogits, intoWeights, size, target - above, measuredBy)
  prefix.weight += weightAbove
  return prefix
}

function bucketOf(logit: number, max: number, scale: number): number {
  const bucket = (max - logit) * scale
  return bucket < BUCKETS ? bucket | 0 : BUCKETS - 1
}
