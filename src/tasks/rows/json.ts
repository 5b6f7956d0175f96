import { open, readFile } from 'node:fs/promises'
import { DataFileError } from '../../errors.js'
import { parseJson } from '../validate.js'
import { tableRows } from './duckdb.js'
import { type JsonlOptions, jsonlRows } from './jsonl.js'
import type { Row } from './types.js'

/** Enough to tell a BOM and blanks from what the file begins with. */
const HEAD_BYTES = 4096

/**
 * Rows of a `.json` file: the elements of an array, the elements of an object's array `data` (the nested form of QuAC and SQuAD), or one JSON
 * object a line. An array and lines are read one by one; the nested form is read as a whole.
 * @throws {DataFileError}
 */
export async function* jsonRows(file: string, options: JsonlOptions): AsyncGenerator<Row> {
  const head = await readHead(file)
  if (head.trimStart().startsWith('[')) {
    yield* tableRows(file, 'json-array')
    return
  }
  // The first line of a JSONL file is an object of its own; that of a document is a part of one, or all of it.
  const firstLine = head.trimStart().split('\n', 1)[0]
  const alone = isObject(tryParse(firstLine)) && !head.includes('"data"')
  if (alone) {
    yield* jsonlRows(file, options)
    return
  }
  const text = await readText(file)
  const document = tryParse(text)
  if (document === undefined && isObject(tryParse(text.trimStart().split('\n', 1)[0]))) {
    yield* jsonlRows(file, options)
    return
  }
  yield* documentRows(file, parseJson(file, 1, text))
}

/** Rows of a document that is in memory already. */
export function* documentRows(file: string, document: unknown): Generator<Row> {
  const data = Array.isArray(document) ? document : isObject(document) ? document.data : undefined
  if (!Array.isArray(data)) {
    const problem = 'expected an array of rows, an object with the array "data", or one JSON object a line.'
    throw new DataFileError(file, undefined, undefined, problem)
  }
  for (const [i, value] of data.entries()) {
    yield { place: { file: `${file}, row ${i + 1}`, number: i + 1 }, value }
  }
}

async function readHead(file: string): Promise<string> {
  const handle = await open(file).catch(unreadable(file))
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0).catch(unreadable(file))
    return withoutMark(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch(unreadable(file))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new DataFileError(file, undefined, undefined, 'expected UTF-8 text; save the file as UTF-8.')
  }
}

function unreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return ({ code, message }) => {
    const reason =
      code === 'ENOENT' ? 'the file does not exist; check the path' : `the file cannot be read (${message})`
    throw new DataFileError(file, undefined, undefined, `${reason}.`)
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '')
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
