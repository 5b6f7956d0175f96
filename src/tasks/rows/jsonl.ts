import type { DataFileError } from '../../errors.js'
import { readLines } from '../lines.js'
import { parseJson } from '../validate.js'
import type { Row } from './types.js'

/** Longest line that is read, in bytes. */
const MAX_LINE_BYTES = 64 * 2 ** 20

export interface JsonlOptions {
  /** Takes the error about a line that is no UTF-8 or no JSON, and reading goes on; without it the error is thrown. */
  onBadRow?: (error: DataFileError) => void
}

/**
 * Rows of a JSONL file, line by line; blank lines are passed over.
 * @param input bytes to read instead of the file
 * @throws {DataFileError}
 */
export async function* jsonlRows(
  file: string,
  { onBadRow }: JsonlOptions,
  input?: AsyncIterable<Buffer>,
): AsyncGenerator<Row> {
  for await (const { number, text } of readLines(file, MAX_LINE_BYTES, input, onBadRow)) {
    if (text.trim() === '') continue
    let value: unknown
    try {
      value = parseJson(file, number, text)
    } catch (error) {
      if (onBadRow === undefined) throw error
      onBadRow(error as DataFileError)
      continue
    }
    yield { place: { file, line: number, number }, value }
  }
}
