import { EdtError } from '../../src/errors.js'

/** The tuner knows nothing of a task that it is to be judged on. */
export class UnknownTaskReferenceError extends EdtError {
  override name = 'UnknownTaskReferenceError' as const
  constructor(
    readonly task: string,
    readonly known: readonly string[],
    tuner: string,
  ) {
    super(
      `The tuner ${tuner} has no Q*, D* and best cell for the task ${task}; it was trained on ${known.join(', ')}. Ablate on those tasks, or train a tuner on ${task}.`,
    )
  }
}
