import { describeValue, EdtError } from '../../src/errors.js'

/** Anything that keeps a store from being opened, read or written. */
export class StoreError extends EdtError {
  override name = 'StoreError'
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`)
  }
}

/** There is no file at the path. */
export class StoreMissingError extends StoreError {
  override name = 'StoreMissingError' as const
  constructor(path: string) {
    super(path, 'there is no store; make one with `edt collect` or give the path of an existing store.duckdb.')
  }
}

/** Something is at the path, but it was not written by `edt collect`. */
export class NotAStoreError extends StoreError {
  override name = 'NotAStoreError' as const
  constructor(
    path: string,
    readonly found: string,
  ) {
    super(path, `this is ${found}, not a store of edt-tuner; give the path of a store.duckdb or choose a new path.`)
  }
}

/** The file was a store, but bytes are missing or wrong. */
export class StoreCorruptError extends StoreError {
  override name = 'StoreCorruptError' as const
  constructor(
    path: string,
    readonly detail: string,
  ) {
    const remedy = detail.includes('WAL')
      ? `move ${path}.wal away to go on from the last checkpoint, or restore both files from a copy.`
      : 'restore it from a copy, or delete it and collect again.'
    super(path, `the store is damaged (${detail}); ${remedy}`)
  }
}

/** The store was written by an edt-tuner whose tables differ. */
export class StoreVersionError extends StoreError {
  override name = 'StoreVersionError' as const
  constructor(
    path: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(
      path,
      `the store has ${found}, but this edt-tuner reads ${expected}; use the edt-tuner that wrote it, or collect again.`,
    )
  }
}

/** Another process (or another handle of this one) has the store open. */
export class StoreLockedError extends StoreError {
  override name = 'StoreLockedError' as const
  constructor(
    path: string,
    readonly holder: string,
  ) {
    super(path, `the store is in use by ${holder}; wait until that has ended, or stop it.`)
  }
}

/** The operating system refused: no space, no permission, a read-only disk. */
export class StoreAccessError extends StoreError {
  override name = 'StoreAccessError' as const
  constructor(
    path: string,
    readonly detail: string,
  ) {
    super(path, `the store cannot be read or written (${detail}); what is in it is safe, mend the cause and resume.`)
  }
}

/** A run is resumed with other settings than those it was started with. */
export class StoreSettingsError extends StoreError {
  override name = 'StoreSettingsError' as const
  constructor(
    path: string,
    readonly setting: string,
    readonly stored: unknown,
    readonly asked: unknown,
  ) {
    super(
      path,
      `the run was collected with ${setting} ${describeValue(stored)}, but ${describeValue(asked)} is asked for; resume with the stored value or choose a new path.`,
    )
  }
}

/** A prompt or result does not belong to the run in the store. */
export class StoreContentError extends StoreError {
  override name = 'StoreContentError' as const
  constructor(
    path: string,
    readonly promptId: string,
    problem: string,
  ) {
    super(path, `prompt ${promptId}: ${problem}`)
  }
}
