import { EdtError } from '../../src/errors.js'

/** A feature or a score of a prompt is NaN or infinite, so that nothing can be computed from it. */
export class NotFiniteError extends EdtError {
  override name = 'NotFiniteError' as const
  constructor(
    readonly promptId: string,
    /** e.g. `the feature prompt.first_entropy`. */
    readonly what: string,
    readonly found: number,
  ) {
    super(
      `The prompt ${promptId} has ${found} for ${what}, where a finite number is expected; leave the prompt out, or collect it into a new run.`,
    )
  }
}
