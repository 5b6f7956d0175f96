import { EdtError } from '../../src/errors.js'

/** Redis cannot be used. */
export class QueueConnectionError extends EdtError {
  override name = 'QueueConnectionError' as const
  /** @param queue the URL without its password */
  constructor(
    readonly queue: string,
    problem: string,
  ) {
    super(`${queue}: ${problem}`)
  }
}
