import { existsSync } from 'node:fs'
import { DataFileError } from '../../errors.js'
import { globFiles, tableRows } from './duckdb.js'
import { jsonRows } from './json.js'
import { type JsonlOptions, jsonlRows } from './jsonl.js'
import { remoteJsonlRows, remoteJsonRows } from './remote.js'
import type { Row } from './types.js'

const EXTENSIONS = ['.jsonl', '.ndjson', '.json', '.parquet', '.csv', '.tsv'] as const

/**
 * Rows of a file, whatever its format, which its name ends with: JSONL (`.jsonl`, `.ndjson`), JSON (`.json`), Parquet, CSV or TSV. `https://`
 * addresses are read too: JSONL and JSON as they are, the others by DuckDB's extension httpfs.
 * @throws {DataFileError} for a file that is missing, has another ending, holds no rows, or is malformed
 */
export async function* readRows(file: string, options: JsonlOptions = {}): AsyncGenerator<Row> {
  const { onBadRow } = options
  let rows = 0
  const counted =
    onBadRow &&
    ((error: DataFileError) => {
      rows++
      onBadRow(error)
    })
  for await (const row of rowsOf(file, { onBadRow: counted })) {
    rows++
    yield row
  }
  if (rows === 0) {
    throw new DataFileError(file, undefined, undefined, 'the file has no rows; expected at least one.')
  }
}

function rowsOf(file: string, options: JsonlOptions): AsyncGenerator<Row> {
  const remote = /^https?:\/\//.test(file)
  const extension = extensionOf(file, remote)
  switch (extension) {
    case '.jsonl':
    case '.ndjson':
      return remote ? remoteJsonlRows(file, options) : jsonlRows(file, options)
    case '.json':
      return remote ? remoteJsonRows(file) : jsonRows(file, options)
    default:
      if (!remote && !existsSync(file)) throw missing(file)
      return tableRows(file, extension.slice(1) as 'parquet' | 'csv' | 'tsv')
  }
}

function extensionOf(file: string, remote: boolean): (typeof EXTENSIONS)[number] {
  const name = (remote ? new URL(file).pathname : file).toLowerCase()
  const extension = EXTENSIONS.find((ending) => name.endsWith(ending))
  if (extension !== undefined) return extension
  const problem = `expected a file whose name ends with ${EXTENSIONS.join(', ')}; unpack or rename it.`
  throw new DataFileError(file, undefined, undefined, problem)
}

/**
 * The files that paths, globs and addresses stand for: those of a glob sorted, each file once.
 * @throws {DataFileError} for a glob without a match
 */
export async function expandFiles(patterns: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const pattern of patterns) {
    const isGlob = /[*?[]/.test(pattern) && !/^https?:/.test(pattern) && !existsSync(pattern)
    const found = isGlob ? await globFiles(pattern) : [pattern]
    if (found.length === 0) {
      throw new DataFileError(pattern, undefined, undefined, 'no file has a name like that; check the pattern.')
    }
    files.push(...found)
  }
  return [...new Set(files)]
}

function missing(file: string): DataFileError {
  return new DataFileError(file, undefined, undefined, 'the file does not exist; check the path.')
}
