import { EdtError } from '../errors.js'

/** The command line itself is wrong: an unknown flag, a missing argument, two flags that exclude each other. */
export class UsageError extends EdtError {
  override name = 'UsageError' as const
}

/** A `--config` file cannot be read or says something that the command does not know. */
export class ConfigFileError extends EdtError {
  override name = 'ConfigFileError' as const
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`${file}: ${problem}`)
  }
}
