import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { DataFileError } from '../../errors.js'
import type { Row } from './types.js'

/** Longest element of a JSON array, in bytes. */
const MAX_ELEMENT_BYTES = 64 * 2 ** 20
/** Longest line of a CSV file, in bytes. */
const MAX_LINE_BYTES = 16 * 2 ** 20
/** What DuckDB reads of a CSV file at once, in bytes; left to itself it takes 16 of the longest lines. */
const CSV_BUFFER_BYTES = 2 * MAX_LINE_BYTES

/** A table that DuckDB reads row by row: memory does not grow with the file. */
export type TableFormat = 'parquet' | 'csv' | 'tsv' | 'json-array'

/**
 * Rows of a Parquet, CSV or TSV file (texts only, an empty cell is '') or of a JSON array, in the order of the file.
 * @param file a path or an https address
 * @throws {DataFileError} when the file cannot be read to its end, or DuckDB's httpfs is needed and cannot be loaded
 */
export async function* tableRows(file: string, format: TableFormat): AsyncGenerator<Row> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // One thread reads one row group at a time; more only hold more of the file.
    threads: '1',
  })
  try {
    yield* query(instance, file, format)
  } finally {
    instance.closeSync()
  }
}

async function* query(instance: DuckDBInstance, file: string, format: TableFormat): AsyncGenerator<Row> {
  const connection = await instance.connect()
  try {
    if (/^https?:/.test(file)) await loadHttpfs(connection, file)
    const result = await translated(
      file,
      statement(connection, file, format).then((sql) => connection.stream(sql)),
    )
    const chunks = result.yieldRowObjectJs()
    for (let number = 1; ; ) {
      const { value: rows, done } = await translated(file, chunks.next())
      if (done) return
      for (const row of rows) {
        const value = format === 'json-array' ? JSON.parse(String(row.json)) : plain(row, format !== 'parquet')
        yield { place: { file: `${file}, row ${number}`, number }, value }
        number++
      }
    }
  } finally {
    connection.closeSync()
  }
}

async function statement(connection: DuckDBConnection, file: string, format: TableFormat): Promise<string> {
  const path = quoted(file)
  if (format === 'parquet') return `FROM read_parquet(${path})`
  if (format === 'json-array') {
    return `FROM read_json_objects(${path}, format = 'array', maximum_object_size = ${MAX_ELEMENT_BYTES})`
  }
  const delimiter = format === 'csv' ? ',' : '\t'
  // Nothing is left to DuckDB's guess: where it fails, it takes a broken file for one of another form, or names no line.
  const fixed = `header = true, auto_detect = false, max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${CSV_BUFFER_BYTES}`
  const names = await columnNames(connection, path, delimiter)
  const columns = names.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')
  return `FROM read_csv(${path}, delim = '${delimiter}', quote = '"', escape = '"', ${fixed}, columns = {${columns}})`
}

/** Names in the first line, which is read as a line without cells. */
async function columnNames(connection: DuckDBConnection, path: string, delimiter: string): Promise<string[]> {
  const whole = `delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, columns = {'line': 'VARCHAR'}`
  const reader = await connection.runAndReadAll(`FROM read_csv(${path}, ${whole}) LIMIT 1`)
  const line = String(reader.getRows()[0]?.[0] ?? '').replace(/^\ufeff/, '')
  const cell = new RegExp(`(?:^|${delimiter})(?:"((?:[^"]|"")*)"|([^${delimiter}]*))`, 'g')
  return Array.from(line.matchAll(cell), ([, inQuotes, bare], i) => {
    return (inQuotes?.replaceAll('""', '"') ?? bare) || `column ${i + 1}`
  })
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

async function loadHttpfs(connection: DuckDBConnection, file: string): Promise<void> {
  try {
    await connection.run('INSTALL httpfs; LOAD httpfs')
  } catch {
    const problem =
      "DuckDB's extension httpfs, which reads Parquet and CSV from addresses, could not be downloaded and loaded; download the file and give its path."
    throw new DataFileError(file, undefined, undefined, problem)
  }
}

/** Values as JSON has them: 64-bit integers as numbers where they are exact, times as text. */
function plain(value: unknown, emptyIsText: boolean): unknown {
  if (value === null || value === undefined) return emptyIsText ? '' : null
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, emptyIsText))
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, emptyIsText)]))
}

async function translated<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw translateError(error, file)
  }
}

/** DuckDB's errors are several lines of text; the first says what is wrong, in CSV files the last before its advice. */
function translateError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error
  const csv = /CSV Error on Line: (\d+)\n(.*?)\n+Possible/s.exec(error.message)
  if (csv !== null) {
    const reason = csv[2].trimEnd().split('\n').at(-1)?.replace(/\.$/, '')
    return new DataFileError(file, Number(csv[1]), undefined, `${reason}; correct the line.`)
  }
  const detail = error.message
    .split('\n')[0]
    .replace(/^[A-Z][\w -]* Error: /, '')
    .replace(/[.\s]*$/, '')
  return new DataFileError(file, undefined, undefined, `the file cannot be read to its end (${detail}).`)
}

/** Files that a pattern such as `data/*.parquet` stands for, sorted. */
export async function globFiles(pattern: string): Promise<string[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll('SELECT file FROM glob($1) ORDER BY file', [pattern])
    return reader.getRows().map(([file]) => String(file))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
