/** The most probable tokens down to a logit: all above it and, of those equal to it, the `ties` lowest ids. */
export interface Cutoff {
  logit: number
  ties: number
}

/** A cutoff and the summed weight of what it keeps. */
export interface Prefix extends Cutoff {
  weight: number
}

/** What a prefix is measured by: its number of tokens (top-k) or the sum of their weights (top-p). */
export type PrefixMeasure = 'count' | 'weight'

/** Where the last search ended; reused, so read it before the next one. */
const found: Prefix = { logit: 0, ties: 0, weight: 0 }

/**
 * The smallest prefix, in descending order of logits, that reaches a target; all when all together do not reach it.
 *
 * Weighted quickselect with three-way partition: linear expected time, equal logits cost nothing extra.
 *
 * @param logits the first `size` entries are searched and reordered
 * @param weights belong to the logits, > 0, equal for equal logits; reordered with them
 * @param size ≥ 1
 */
export function selectPrefix(
  logits: Float32Array,
  weights: Float32Array | Float64Array,
  size: number,
  target: number,
  measuredBy: PrefixMeasure,
): Prefix {
  const byCount = measuredBy === 'count'
  let low = 0
  let high = size
  let reached = 0
  let weight = 0
  for (;;) {
    const pivot = medianOfThree(logits[low], logits[(low + high) >> 1], logits[high - 1])
    let greaterEnd = low
    let lessStart = high
    let greaterWeight = 0
    let pivotWeight = 0
    for (let i = low; i < lessStart; ) {
      const logit = logits[i]
      const own = weights[i]
      if (logit === pivot) {
        pivotWeight = own
        i++
        continue
      }
      const other = logit > pivot ? greaterEnd++ : --lessStart
      logits[i] = logits[other]
      weights[i] = weights[other]
      logits[other] = logit
      weights[other] = own
      if (logit > pivot) {
        greaterWeight += own
        i++
      }
    }
    const equal = lessStart - greaterEnd
    const unit = byCount ? 1 : pivotWeight
    const afterGreater = reached + (byCount ? greaterEnd - low : greaterWeight)
    const afterEqual = afterGreater + equal * unit
    if (greaterEnd > low && afterGreater >= target) {
      high = greaterEnd
    } else if (afterEqual >= target || lessStart === high) {
      found.logit = pivot
      found.ties = Math.min(equal, Math.max(1, Math.ceil((target - afterGreater) / unit)))
      found.weight = weight + greaterWeight + found.ties * pivotWeight
      return found
    } else {
      reached = afterEqual
      weight += greaterWeight + equal * pivotWeight
      low = lessStart
    }
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
