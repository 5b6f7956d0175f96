/** Thrown through the library when the user presses Ctrl-C. */
export class InterruptedError extends Error {
  override name = 'AbortError' as const
  constructor(readonly exitCode: number) {
    super('Stopped by the user.')
  }
}

/**
 * An abort signal that the first Ctrl-C (or SIGTERM) sets off, so that work in progress can be left in order.
 * The second one ends the process at once.
 */
export function interruptSignal(onInterrupt: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const stop = (exitCode: number) => () => {
    if (controller.signal.aborted) process.exit(exitCode)
    onInterrupt()
    controller.abort(new InterruptedError(exitCode))
  }
  const onInt = stop(130)
  const onTerm = stop(143)
  process.on('SIGINT', onInt)
  process.on('SIGTERM', onTerm)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onInt)
      process.off('SIGTERM', onTerm)
    },
  }
}
