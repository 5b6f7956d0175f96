import { closeSync, openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The timer that is looked at, milliseconds. */
const TICK = 5

/** Delays of the event loop since the last look, milliseconds. */
export interface LoopDelays {
  /** Time between two turns; without load it is the tick of the measuring timer. */
  p99: number
  max: number
  /** The longest delay in which this thread was at work itself: what it spent waiting for a processor that others had is left out. */
  ownMax: number
}

/** Watches the event loop of the thread that calls it, until the process ends. */
export function watchLoop(): { take(): LoopDelays; reset(): void } {
  const histogram = monitorEventLoopDelay({ resolution: TICK })
  const runQueueWait = openRunQueueWait()
  let [last, lastWait] = [performance.now(), runQueueWait()]
  let ownMax = 0
  const look = () => {
    const [now, wait] = [performance.now(), runQueueWait()]
    ownMax = Math.max(ownMax, now - last - (wait - lastWait))
    last = now
    lastWait = wait
  }
  histogram.enable()
  setInterval(look, TICK).unref()
  const reset = () => {
    histogram.reset()
    ownMax = 0
  }
  return {
    take: () => {
      const taken = { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6, ownMax }
      reset()
      return taken
    },
    reset,
  }
}

/**
 * Time that the main thread has waited for a processor while it could have run, milliseconds: the second number of Linux' schedstat.
 * Elsewhere it is 0, so that every delay counts.
 */
function openRunQueueWait(): () => number {
  const path = `/proc/self/task/${process.pid}/schedstat`
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return () => 0
  }
  process.once('exit', () => closeSync(file))
  const buffer = Buffer.alloc(128)
  return () => Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ')[1]) / 1e6
}
