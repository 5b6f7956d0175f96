import { closeSync, openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The timer that is looked at, milliseconds. */
const TICK = 5

/** Delays of the event loop since the last look, milliseconds. */
export interface LoopDelays {
  /** Time between two turns; without load it is the tick of the measuring timer. */
  p99: number
  max: number
  /** The most processor time that the thread used between two turns: what it spent waiting for a processor that others had is left out. */
  work: number
}

/** Watches the event loop of the thread that calls it, until the process ends. */
export function watchLoop(): { take(): LoopDelays; reset(): void } {
  const histogram = monitorEventLoopDelay({ resolution: TICK })
  const processorTime = openProcessorTime()
  let last = processorTime()
  let work = 0
  const look = () => {
    const used = processorTime()
    work = Math.max(work, used - last)
    last = used
  }
  histogram.enable()
  setInterval(look, TICK).unref()
  const reset = () => {
    histogram.reset()
    work = 0
  }
  return {
    take: () => {
      const taken = { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6, work }
      reset()
      return taken
    },
    reset,
  }
}

/** Processor time of the main thread so far, milliseconds: the first number of Linux' schedstat. Elsewhere the clock, so that every delay counts. */
function openProcessorTime(): () => number {
  const path = `/proc/self/task/${process.pid}/schedstat`
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return () => performance.now()
  }
  process.once('exit', () => closeSync(file))
  const buffer = Buffer.alloc(128)
  return () => Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ')[0]) / 1e6
}
