import cliProgress from 'cli-progress'
import type picocolors from 'picocolors'
import { duration, rate } from './format.js'

/** How far a job is. */
export interface ProgressState {
  done: number
  total: number
  /** Seconds until the end, when the job knows better than the mean so far. */
  secondsLeft?: number
  /** A word more, such as `1,240 tokens/s`. */
  note?: string
}

export interface Progress {
  update(state: ProgressState): void
  /** Removes the bar; call it on success and on failure. Further calls do nothing. */
  stop(): void
}

interface ProgressOptions {
  label: string
  unit: string
  stream: NodeJS.WriteStream
  quiet: boolean
  colors: ReturnType<typeof picocolors.createColors>
}

/** A job shorter than this shows nothing. */
const PATIENCE_MS = 2000
const BAR_WIDTH = 24
/** How often a line is written where no bar can be drawn. */
const LINE_EVERY_MS = 10_000

/** A bar with rate and time left on a terminal, a plain line every ten seconds elsewhere, nothing when quiet. */
export function startProgress({ label, unit, stream, quiet, colors }: ProgressOptions): Progress {
  if (quiet) return { update: () => {}, stop: () => {} }
  const started = performance.now()
  let first: number | undefined
  const describe = ({ done, total, secondsLeft, note }: ProgressState) => {
    // What a resumed job had done before it started says nothing about its speed.
    first ??= done
    const seconds = (performance.now() - started) / 1000
    const speed = (done - first) / seconds
    const left = secondsLeft ?? (speed > 0 ? (total - done) / speed : undefined)
    const parts = [
      speed > 0 ? rate(speed, unit) : undefined,
      note,
      left === undefined ? undefined : `${duration(left)} left`,
    ]
    return parts.filter((part) => part !== undefined).join(', ')
  }
  return stream.isTTY ? drawBar() : writeLines()

  function drawBar(): Progress {
    let bar: cliProgress.SingleBar | undefined
    let stopped = false
    return {
      update(state) {
        const details = describe(state)
        if (stopped || performance.now() - started < PATIENCE_MS) return
        if (bar === undefined) {
          bar = new cliProgress.SingleBar({
            format: `${label} {bar} {value}/{total} ${unit}  ${colors.dim('{details}')}`,
            formatBar: (progress) => {
              const filled = Math.round(progress * BAR_WIDTH)
              return colors.cyan('━'.repeat(filled)) + colors.dim('─'.repeat(BAR_WIDTH - filled))
            },
            stream,
            hideCursor: true,
            clearOnComplete: true,
            // The terminal cuts off what does not fit; cli-progress would count the colours as text.
            linewrap: false,
            fps: 5,
          })
          bar.start(state.total, state.done, { details })
        }
        bar.setTotal(state.total)
        bar.update(state.done, { details })
      },
      stop() {
        stopped = true
        bar?.stop()
        bar = undefined
      },
    }
  }

  function writeLines(): Progress {
    let last = started
    return {
      update(state) {
        const details = describe(state)
        if (performance.now() - last < LINE_EVERY_MS) return
        last = performance.now()
        stream.write(`${label}: ${state.done} of ${state.total} ${unit}${details === '' ? '' : `, ${details}`}\n`)
      },
      stop: () => {},
    }
  }
}
