import { EdtError } from '../../src/errors.js'

/** A run has not what studies need. */
export class StudyDataError extends EdtError {
  override name = 'StudyDataError' as const
  constructor(
    readonly store: string,
    problem: string,
  ) {
    super(`${store}: ${problem}`)
  }
}
