import type { Tally } from './tally.js'
import type { Reading } from './watched-server.js'

/** Growth of a memory figure after the warm-up that is taken for noise: a tenth, or this many bytes. */
const ALLOWED_SHARE = 0.1
const ALLOWED_BYTES = 24e6
/** The target: the event loop is never blocked longer than this, milliseconds. */
export const MAX_LOOP_DELAY = 200

/** One thing that must hold. */
export interface Check {
  name: string
  holds: boolean
  /** The figures behind it. */
  detail: string
}

/** How a memory figure developed: the least of the first and of the last quarter of the readings, bytes. Between collections of garbage memory rises by itself; a leak lifts the floor. */
export interface Growth {
  first: number
  last: number
  flat: boolean
}

/**
 * Whether memory stayed where it was.
 * @param readings those between the warm-up and the end of the load
 */
export function growthOf(readings: readonly Reading[], figure: 'serverRss' | 'serverHeap' | 'modelRss'): Growth {
  const values = readings.map((reading) => reading[figure])
  const quarter = Math.max(1, Math.floor(values.length / 4))
  const [first, last] = [Math.min(...values.slice(0, quarter)), Math.min(...values.slice(-quarter))]
  return { first, last, flat: last - first <= Math.max(ALLOWED_BYTES, ALLOWED_SHARE * first) }
}

/** How the server was left. */
export interface AfterLoad {
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
  after: AfterLoad,
): Check[] {
  const steady = readings.filter(({ seconds }) => seconds >= load.warmUp && seconds <= load.seconds)
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
  const memory = (
    [
      ['memory of the HTTP process is flat', 'serverRss'],
      ['heap of the HTTP process is flat', 'serverHeap'],
      ['memory of the model process is flat', 'modelRss'],
    ] as const
  ).map(([name, figure]): Check => {
    const { first, last, flat } = growthOf(steady, figure)
    return { name, holds: flat, detail: `${megabytes(first)} after the warm-up, ${megabytes(last)} at the end` }
  })
  const delay = Math.max(...readings.map(({ loopDelayMax }) => loopDelayMax))
  return [
    { name: 'no answer lost or mixed', holds: tally.faultCount === 0, detail: `${tally.faultCount} faults` },
    {
      name: 'every stream closed',
      holds: tally.open === 0 && after.openRequests === 0,
      detail: `${tally.open} open at the clients, ${after.openRequests} at the server`,
    },
    ...memory,
    {
      name: `event loop never blocked over ${MAX_LOOP_DELAY} ms`,
      holds: delay <= MAX_LOOP_DELAY,
      detail: `${delay.toFixed(0)} ms at most`,
    },
    { name: 'the model process never died', holds: after.restarts === 0, detail: `${after.restarts} restarts` },
    { name: 'clean end', holds: after.exit === 0, detail: `exit ${after.exit}` },
  ]
}
