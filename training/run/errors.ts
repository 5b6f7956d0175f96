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

/** Another process is at work in a run's folder. */
export class RunBusyError extends EdtError {
  override name = 'RunBusyError' as const
  constructor(
    readonly path: string,
    readonly command: string,
    readonly pid: number,
    readonly since: string,
  ) {
    super(
      `${path}: process ${pid} (edt ${command}) has been at work in this run since ${since}; wait until it has ended, stop it, or choose another folder.`,
    )
  }
}
