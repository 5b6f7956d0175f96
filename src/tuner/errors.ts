import { EdtError } from '../errors.js'

/** A TensorFlow.js backend that was asked for does not work on this machine. */
export class BackendUnavailableError extends EdtError {
  override name = 'BackendUnavailableError' as const
  constructor(
    readonly backend: string,
    readonly reason: string,
    hint: string,
  ) {
    super(`The TensorFlow.js backend "${backend}" does not work here: ${reason}. ${hint}`)
  }
}

/** A checkpoint folder or one of its files is missing, damaged, or not what its `tuner.json` says. */
export class CheckpointError extends EdtError {
  override name = 'CheckpointError' as const
  constructor(
    /** The file or folder that is at fault. */
    readonly path: string,
    /** The field of `tuner.json` or `model.json` at fault, e.g. `grid.t0`. */
    readonly field: string | undefined,
    problem: string,
  ) {
    super(`${path}: ${field === undefined ? '' : `field "${field}": `}${problem}`)
  }
}

/** A tuner meets a language model that it was not trained for. */
export class CheckpointMismatchError extends EdtError {
  override name = 'CheckpointMismatchError' as const
  constructor(
    readonly field: string,
    readonly expected: string,
    readonly found: string,
    readonly path: string,
  ) {
    super(
      `${path}: the tuner was trained for ${field} ${expected}, but the loaded model has ${found}. Train one with \`edt train --model …\`.`,
    )
  }
}

/** Features that were given to a tuner are not those that it was trained on. */
export class FeatureMismatchError extends EdtError {
  override name = 'FeatureMismatchError' as const
  constructor(
    readonly path: string,
    readonly expected: string,
    readonly found: string,
    hint: string,
  ) {
    super(`${path}: the tuner needs ${expected}, but got ${found}. ${hint}`)
  }
}
