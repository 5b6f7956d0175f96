import type { Interval } from './bootstrap.js'
import { percentileInterval } from './bootstrap.js'

/** Which part of what per-prompt settings could gain the learned tuner gains. */
export interface ShareOfHeadroom {
  /** (EDA(best fixed) − EDA(learned)) / (EDA(best fixed) − EDA(oracle)); null when the oracle is not ahead of best fixed. */
  share: number | null
  /** 95 %; null at an end means that the interval is open there: the data do not bound the share on that side. */
  interval: [number | null, number | null]
  /** EDA(best fixed) − EDA(oracle), with its 95 % interval. */
  headroom: number
  headroomInterval: Interval
  /** What a reader must know before quoting the share; absent when the headroom is clearly above zero. */
  caution?: string
}

/** Corpus EDA of the three strategies on the oracle's prompts. */
interface Trio<T> {
  bestFixed: T
  learned: T
  oracle: T
}

/**
 * The share of headroom and its interval, all three strategies resampled together.
 *
 * A ratio has no finite interval when its denominator may be zero. A resample whose headroom is ≤ 0 therefore counts as a share of +∞
 * where learned is ahead of best fixed and −∞ where it is not (the limit of the ratio as the headroom falls to zero), and an end of the
 * interval that falls among those is open. This is Fieller's confidence set (Fieller 1954: all r for which gain − r·headroom may be zero) with
 * bootstrap percentiles in place of the normal distribution's, wherever that set is an interval.
 *
 * @param observed EDA on the prompts as they are
 * @param resampled EDA in every resample, same order for the three
 */
export function shareOfHeadroom(observed: Trio<number>, resampled: Trio<Float64Array>): ShareOfHeadroom {
  const headroom = observed.bestFixed - observed.oracle
  const headrooms = resampled.bestFixed.map((eda, r) => eda - resampled.oracle[r])
  const shares = headrooms.map((room, r) => {
    const gain = resampled.bestFixed[r] - resampled.learned[r]
    return room > 0 ? gain / room : gain > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  })
  const interval = percentileInterval(shares)
  const headroomInterval = percentileInterval(headrooms)
  const caution = cautionFor(headroom, headroomInterval)
  return {
    share: headroom > 0 ? (observed.bestFixed - observed.learned) / headroom : null,
    interval: [finiteOrNull(interval[0]), finiteOrNull(interval[1])],
    headroom,
    headroomInterval,
    ...(caution === undefined ? {} : { caution }),
  }
}

function cautionFor(headroom: number, interval: Interval): string | undefined {
  if (headroom <= 0) {
    return 'On these prompts the oracle is not ahead of the best fixed EDT, so there is no headroom to take a share of.'
  }
  if (interval[0] <= 0) {
    return 'The interval of the headroom contains zero, so the share is not bounded by these prompts: use more of them.'
  }
  return undefined
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
