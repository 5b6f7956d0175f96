import { bytes } from '../src/cli/format.js'
import type { Tally } from './tally.js'
import type { Reading } from './watched-server.js'

/** Growth of resident memory that is taken for noise: a tenth, or this many bytes. */
const ALLOWED_SHARE = 0.1
const ALLOWED_BYTES = 24e6
/** The same for what lives in the heap, which varies with the requests that are open. */
const ALLOWED_LIVE_BYTES = 5e6
/** The target: the event loop is never blocked longer than this, milliseconds. */
export const MAX_LOOP_DELAY = 200

/** One thing that must hold. */
export interface Check {
  name: string
  holds: boolean
  /** The figures behind it. */
  detail: string
}

/** How a memory figure developed, bytes. */
export interface Growth {
  first: number
  last: number
}

/**
 * Resident memory at its highest in the first quarter of the readings, and at its lowest in the last: between collections of garbage it rises by
 * itself, a leak lifts the floor above everything that was seen before.
 * @param readings those between the warm-up and the end of the load
 */
export function growthOf(readings: readonly Reading[], figure: 'serverRss' | 'modelRss'): Growth {
  const values = readings.map((reading) => reading[figure])
  const quarter = Math.max(1, Math.floor(values.length / 4))
  return { first: Math.max(...values.slice(0, quarter)), last: Math.min(...values.slice(-quarter)) }
}

/** What was found besides the readings. */
export interface Findings {
  /** Heap of the HTTP process after full collections, at the end of the warm-up and of the load. */
  liveHeap: Growth
  /** Requests that the server counts as open. */
  openRequests: number
  /** Times the model's process died. */
  restarts: number
  /** Exit code of the server's process, or the signal that ended it. */
  exit: number | string
}

/**
 * What must hold when the clients are gone.
 * @param readings all of them
 * @param load seconds at which the warm-up ended, and the load
 */
export function checksOf(
  readings: readonly Reading[],
  load: { warmUp: number; seconds: number },
  tally: Tally,
  findings: Findings,
): Check[] {
  const steady = readings.filter(({ seconds }) => seconds >= load.warmUp && seconds <= load.seconds)
  const flat = (name: string, { first, last }: Growth, allowed: number): Check => ({
    name: `${name} is flat`,
    holds: last - first <= Math.max(allowed, ALLOWED_SHARE * first),
    detail: `${bytes(first)} after the warm-up, ${bytes(last)} at the end`,
  })
  const modelRssTold = steady.every(({ modelRss }) => !Number.isNaN(modelRss))
  const most = (delay: (reading: Reading) => number) => Math.max(...readings.map(delay))
  const [own, all] = [most(({ loop }) => loop.work), most(({ loop }) => loop.max)]
  return [
    { name: 'no answer lost or mixed', holds: tally.faultCount === 0, detail: `${tally.faultCount} faults` },
    {
      name: 'every stream closed',
      holds: tally.open === 0 && findings.openRequests === 0,
      detail: `${tally.open} open at the clients, ${findings.openRequests} at the server`,
    },
    flat('resident memory of the HTTP process', growthOf(steady, 'serverRss'), ALLOWED_BYTES),
    flat('what lives in its heap', findings.liveHeap, ALLOWED_LIVE_BYTES),
    ...(modelRssTold
      ? [flat('resident memory of the model process', growthOf(steady, 'modelRss'), ALLOWED_BYTES)]
      : []),
    {
      name: `event loop never blocked over ${MAX_LOOP_DELAY} ms`,
      holds: own <= MAX_LOOP_DELAY,
      detail: `${own.toFixed(0)} ms of work between two turns at most; ${all.toFixed(0)} ms with the time in which other programs had the processor`,
    },
    { name: 'the model process never died', holds: findings.restarts === 0, detail: `${findings.restarts} restarts` },
    { name: 'clean end', holds: findings.exit === 0, detail: `exit ${findings.exit}` },
  ]
}
