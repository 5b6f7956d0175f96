import { EdtError } from '../../src/errors.js'

/** A run's folder cannot be used, or holds something else. */
export class RunFolderError extends EdtError {
  override name = 'RunFolderError' as const
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`)
  }
}
