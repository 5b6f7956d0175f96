/**
 * Every error that edt-tuner throws on purpose. One sentence each: where, what was found, what was expected, what to do.
 * Library code throws these; only `cli/` and `server/` turn them into exit codes and HTTP answers.
 */
export class EdtError extends Error {
  override name = 'EdtError'
  constructor(message?: string, options?: ErrorOptions) {
    super(printable(message ?? ''), options)
  }
}

/** Longest message; files may hold names and values of any length. */
const MOST_CHARACTERS = 2000

/**
 * A message as it can be shown on a terminal: one line of bounded length. What a file holds must not move the cursor or colour the screen, so
 * control characters become escapes.
 */
export function printable(message: string): string {
  const end = message.length > MOST_CHARACTERS ? '…' : ''
  return (
    message
      .slice(0, MOST_CHARACTERS)
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\p{Cc}/gu, escaped) + end
  )
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
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

/** Memory ran out: in ONNX Runtime, WebAssembly or JavaScript. */
export class OutOfMemoryError extends EdtError {
  override name = 'OutOfMemoryError' as const
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `not enough memory (${detail}); free some, or use fewer workers, fewer samples at once or a smaller model.`,
      options,
    )
  }
}

const OUT_OF_MEMORY =
  /bad_alloc|out of memory|cannot allocate memory|failed to allocate memory|buffer allocation failed|unable to grow instance memory|pthread_create failed/i

/** What is thrown where memory runs out, which has no class of its own, as an `OutOfMemoryError`; every other error as it is. */
export function recogniseOutOfMemory(error: unknown): unknown {
  if (error instanceof EdtError || !(error instanceof Error) || !OUT_OF_MEMORY.test(error.message)) return error
  return new OutOfMemoryError(error.message, { cause: error })
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
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  const text = beginningOfJson(value, 81)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/**
 * The beginning of a value's JSON, at least `room` characters of it. The rest is not looked at: a value out of a file may be huge, and nested deeper
 * than JSON.stringify's recursion goes. Each level takes a character of the room, so the depth is bounded too.
 */
function beginningOfJson(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room))
  if (typeof value !== 'object' || value === null) return String(value)
  if ('toJSON' in value && typeof value.toJSON === 'function') return JSON.stringify(value)
  const list = Array.isArray(value)
  let text = list ? '[' : '{'
  for (const key in value) {
    if (text.length >= room) return text
    if (text.length > 1) text += ','
    if (!list) text += `${JSON.stringify(key.slice(0, room))}:`
    text += beginningOfJson((value as Record<string, unknown>)[key], room - text.length)
  }
  return text + (list ? ']' : '}')
}
