import type { z } from 'zod'
import { DataFileError, describeValue } from '../errors.js'
import { jsonlRows } from './rows/jsonl.js'
import { validate } from './validate.js'

/** One checked row. */
export interface JsonlRow<Value> {
  /** Line of the file, 1 for the first. */
  line: number
  value: Value
}

export interface ReadJsonlOptions {
  /**
   * Field whose value no two rows may share.
   * @default none
   * @example 'id'
   */
  unique?: string
  /**
   * Takes the error about a repeated value as a warning, and the row stays; without it the error is thrown.
   * @example (warning) => console.warn(warning.message)
   */
  onDuplicate?: (warning: DataFileError) => void
  /**
   * Longest line that is read, in bytes.
   * @default 67108864 (64 MiB)
   * @example 1_000_000
   */
  maxLineBytes?: number
  /**
   * Bytes to read instead of the file, whose name then only stands in errors.
   * @default the file's
   * @example process.stdin
   */
  input?: AsyncIterable<Buffer>
}

/**
 * Rows of a JSONL file (UTF-8, one JSON object a line), checked one by one as they are read; the file is never in memory
 * as a whole. A byte order mark, CRLF line ends and blank lines are accepted; blank lines count as lines.
 *
 * @throws {DataFileError} naming file, line and field of the first thing that is wrong: a file that is missing or has no
 * rows, bytes that are not UTF-8, text that is not JSON, a field that is missing or of the wrong type, a repeated value
 * @example
 * for await (const { value } of readJsonl('pairs.jsonl', z.object({ hypothesis: z.string() }))) …
 */
export async function* readJsonl<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  { unique, onDuplicate, maxLineBytes, input }: ReadJsonlOptions = {},
): AsyncGenerator<JsonlRow<z.output<Schema>>> {
  const firstLines = new Map<unknown, number>()
  let rows = 0
  for await (const { place, value: raw } of jsonlRows(file, { maxLineBytes, input })) {
    const line = place.number
    const value = validate(file, line, schema, raw)
    if (unique !== undefined) {
      const key = (raw as Record<string, unknown>)[unique]
      const firstLine = firstLines.get(key)
      if (firstLine === undefined) firstLines.set(key, line)
      else report(duplicate(file, line, unique, key, firstLine), onDuplicate)
    }
    rows++
    yield { line, value }
  }
  if (rows === 0) {
    throw new DataFileError(file, undefined, undefined, 'the file has no rows; expected one JSON object a line.')
  }
}

function report(error: DataFileError, onDuplicate: ReadJsonlOptions['onDuplicate']): void {
  if (onDuplicate === undefined) throw error
  onDuplicate(error)
}

function duplicate(file: string, line: number, field: string, value: unknown, firstLine: number): DataFileError {
  return new DataFileError(
    file,
    line,
    field,
    `expected a value of its own, but found ${describeValue(value)}, which line ${firstLine} has already.`,
  )
}
