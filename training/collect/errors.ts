import { EdtError } from '../../src/errors.js'

/** A job could not be done. */
export class RolloutError extends EdtError {
  override name = 'RolloutError' as const
  constructor(
    readonly promptId: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`prompt ${promptId}: ${problem}`, options)
  }
}

/** A worker process ended by itself. */
export class WorkerDiedError extends EdtError {
  override name = 'WorkerDiedError' as const
  constructor(
    /** e.g. `signal SIGKILL`. */
    readonly ending: string,
    /** End of what it wrote to its standard error. */
    readonly lastOutput: string,
  ) {
    const output = lastOutput === '' ? '' : ` Its last words: ${lastOutput}`
    super(`a worker process ended unexpectedly (${ending}); if memory is short, use fewer workers.${output}`)
  }
}
