import type { DataFileError } from '../../errors.js'
import { readLines } from '../lines.js'
import { parseJson } from '../validate.js'
import type { Row } from './types.js'

export interface JsonlOptions {
  /** Longest line that is read, in bytes. @default 67108864 (64 MiB) */
  maxLineBytes?: number
  /** Bytes to read instead of the file. @default the file's */
  input?: AsyncIterable<Buffer>
  /** Takes the error about a line that is no UTF-8 or no JSON, and reading goes on; without it the error is thrown. */
  onBadRow?: (error: DataFileError) => void
}

/**
 * Rows of a JSONL file, line by line; blank lines are passed over.
 * @throws {DataFileError}
 */
export async function* jsonlRows(
  file: string,
  { onBadRow, maxLineBytes = 64 * 2 ** 20, input }: JsonlOptions = {},
): AsyncGenerator<Row> {
  for await (const { number, text } of readLines(file, maxLineBytes, input, onBadRow)) {
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
