import { describeValue, EdtError } from '../../src/errors.js'

/** The folder of an ablation holds results that were made with other settings. */
export class AblationSettingsError extends EdtError {
  override name = 'AblationSettingsError' as const
  constructor(
    readonly path: string,
    /** e.g. `samples` or `grid.t0`. */
    readonly setting: string,
    readonly stored: unknown,
    readonly asked: unknown,
  ) {
    super(
      `${path}: the ablation in this folder was started with ${setting} ${describeValue(stored)}, but ${describeValue(asked)} is asked for; go on with the stored value or choose another folder.`,
    )
  }
}

/** The folder of an ablation was written by another version of edt-tuner. */
export class AblationFormatError extends EdtError {
  override name = 'AblationFormatError' as const
  constructor(
    readonly path: string,
    readonly stored: unknown,
    readonly expected: number,
  ) {
    super(
      `${path}: the ablation in this folder has format ${stored === undefined ? 1 : describeValue(stored)}, but this version of edt-tuner reads and writes format ${expected}; delete the folder to do the ablation anew, or choose another one.`,
    )
  }
}

/** A prompt's text, references or settings changed after its rollouts were stored. */
export class AblationPromptChangedError extends EdtError {
  override name = 'AblationPromptChangedError' as const
  constructor(
    readonly path: string,
    readonly promptId: string,
  ) {
    super(
      `${path}: prompt ${promptId} is not the one that its stored rollouts were drawn for; restore the task's file or choose another folder.`,
    )
  }
}
