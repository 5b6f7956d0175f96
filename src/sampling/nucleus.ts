import type { Candidates } from './kernel.js'
import type { ResolvedTruncation } from './truncation.js'

/** The most probable tokens down to a logit: all above it and, of those equal to it, the `ties` lowest ids. */
export interface Cutoff {
  logit: number
  ties: number
}

const KEEP_ALL: Cutoff = { logit: Number.NEGATIVE_INFINITY, ties: 0 }

/**
 * Where top-k and then top-p cut the candidates.
 *
 * @param max the highest logit
 */
export function findCutoff(candidates: Candidates, { topK, topP }: ResolvedTruncation, max: number): Cutoff {
  let cutoff = KEEP_ALL
  let total = candidates.total
  if (topK > 0 && topK < candidates.count) {
    const prefix = prefixReaching(topK, 'count', candidates, max)
    total = prefix.weight
    cutoff = { logit: prefix.logit, ties: prefix.ties }
  }
  if (topP === 1) return cutoff
  const nucleus = prefixReaching(topP * total, 'weight', candidates, max)
  // The nucleus lies inside the top k, but the rounding of two sums could let it stick out by a token when topP is almost 1.
  const wider = nucleus.logit < cutoff.logit || (nucleus.logit === cutoff.logit && nucleus.ties > cutoff.ties)
  return wider ? cutoff : nucleus
}

const BUCKETS = 1024
const mass = new Float64Array(BUCKETS)
const counts = new Int32Array(BUCKETS)
let bucketLogits = new Float32Array(0)
let bucketWeights = new Float64Array(0)

/** A cutoff and the summed weight of what it keeps. */
interface Prefix extends Cutoff {
  weight: number
}

/** Where the last search ended; reused, so read it before the next one. */
const found: Prefix = { logit: 0, ties: 0, weight: 0 }

/**
 * The smallest prefix of the candidates, most probable first (the lower id first on ties), that reaches a target: a
 * number of tokens, or a sum of weights. When all of them together do not reach it, all are kept.
 *
 * No sort of the vocabulary: a histogram over the logits finds the bucket in which the prefix ends, and a weighted
 * quickselect finds the end inside that bucket. Expected time is linear in the number of candidates.
 */
function prefixReaching(target: number, measuredBy: 'count' | 'weight', candidates: Candidates, max: number): Prefix {
  const { count, logits, weights, span } = candidates
  // Finite, so that equal logits (difference 0) fall in bucket 0 even when the span is 0.
  const scale = Math.min(BUCKETS / span, Number.MAX_VALUE)
  mass.fill(0)
  counts.fill(0)
  let last = 0
  for (let j = 0; j < count; j++) {
    const bucket = bucketOf(logits[j], max, scale)
    mass[bucket] += weights[j]
    counts[bucket]++
    if (bucket > last) last = bucket
  }
  const byCount = measuredBy === 'count'
  let end = 0
  let above = 0
  let weightAbove = 0
  for (; end < last; end++) {
    const measure = byCount ? counts[end] : mass[end]
    if (above + measure >= target) break
    above += measure
    weightAbove += mass[end]
  }

  const size = counts[end]
  if (bucketLogits.length < size) {
    bucketLogits = new Float32Array(2 * size)
    bucketWeights = new Float64Array(2 * size)
  }
  for (let j = 0, filled = 0; filled < size; j++) {
    if (bucketOf(logits[j], max, scale) === end) {
      bucketLogits[filled] = logits[j]
      bucketWeights[filled] = weights[j]
      filled++
    }
  }
  selectPrefix(target - above, byCount, size)
  found.weight += weightAbove
  return found
}

function bucketOf(logit: number, max: number, scale: number): number {
  const bucket = (max - logit) * scale
  return bucket < BUCKETS ? bucket | 0 : BUCKETS - 1
}

/** Weighted quickselect with three-way partition over the first `size` entries of the bucket; writes `found`. */
function selectPrefix(target: number, byCount: boolean, size: number): void {
  let low = 0
  let high = size
  let reached = 0
  let weight = 0
  for (;;) {
    const pivot = medianOfThree(bucketLogits[low], bucketLogits[(low + high) >> 1], bucketLogits[high - 1])
    let greaterEnd = low
    let lessStart = high
    let greaterWeight = 0
    let pivotWeight = 0
    for (let i = low; i < lessStart; ) {
      const logit = bucketLogits[i]
      if (logit > pivot) {
        greaterWeight += bucketWeights[i]
        swap(i++, greaterEnd++)
      } else if (logit < pivot) {
        swap(i, --lessStart)
      } else {
        pivotWeight = bucketWeights[i++]
      }
    }
    const equal = lessStart - greaterEnd
    const afterGreater = reached + (byCount ? greaterEnd - low : greaterWeight)
    const afterEqual = afterGreater + equal * (byCount ? 1 : pivotWeight)
    if (greaterEnd > low && afterGreater >= target) {
      high = greaterEnd
    } else if (afterEqual >= target || lessStart === high) {
      found.logit = pivot
      found.ties = Math.min(equal, Math.max(1, Math.ceil((target - afterGreater) / (byCount ? 1 : pivotWeight))))
      found.weight = weight + greaterWeight + found.ties * pivotWeight
      return
    } else {
      reached = afterEqual
      weight += greaterWeight + equal * pivotWeight
      low = lessStart
    }
  }
}

function swap(i: number, j: number): void {
  const logit = bucketLogits[i]
  const weight = bucketWeights[i]
  bucketLogits[i] = bucketLogits[j]
  bucketWeights[i] = bucketWeights[j]
  bucketLogits[j] = logit
  bucketWeights[j] = weight
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
