/**
 * Every error that edt-tuner throws on purpose. One sentence each: where, what was found, what was expected, what to do.
 * Library code throws these; only `cli/` and `server/` turn them into exit codes and HTTP answers.
 */
export class EdtError extends Error {
  override name = 'EdtError'
}

/** An option, flag or argument has a value that cannot be used. */
export class InvalidOptionError extends EdtError {
  override name = 'InvalidOptionError' as const
  constructor(
    readonly option: string,
    readonly expected: string,
    readonly found: unknown,
    hint = '',
  ) {
    super(`${option} must be ${expected}, but is ${describeValue(found)}.${hint === '' ? '' : ` ${hint}`}`)
  }
}

/** A line or field of an input file is not what the reader needs. */
export class DataFileError extends EdtError {
  override name = 'DataFileError' as const
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    readonly field: string | undefined,
    problem: string,
  ) {
    const place = [file, line === undefined ? '' : `:${line}`].join('')
    super(`${place}: ${field === undefined ? '' : `field "${field}": `}${problem}`)
  }
}

/** A value as a person would want to read it in an error: short, quoted when it is text. */
export function describeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
