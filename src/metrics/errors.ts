import { EdtError } from '../errors.js'

/** The texts or numbers given to a metric have no score: nothing to compare, or lists that do not fit together. */
export class MetricInputError extends EdtError {
  override name = 'MetricInputError' as const
  constructor(
    readonly metric: string,
    problem: string,
  ) {
    super(`${metric}: ${problem}`)
  }
}
