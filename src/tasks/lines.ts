import { createReadStream } from 'node:fs'
import { DataFileError } from '../errors.js'

/** One line of a text file. */
export interface Line {
  /** 1 for the first. */
  number: number
  /** Without its line end. */
  text: string
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = Buffer.from('\ufeff')

/**
 * Lines of a UTF-8 file, one by one, in memory of one line and one chunk. A byte order mark at the start and CRLF line
 * ends are taken off; what follows the last line end counts as a line only when it is not empty.
 *
 * @param maxLineBytes longest line that is read
 * @param input bytes to read instead of the file
 * @param onBadLine takes the error about a line that is not UTF-8, and reading goes on with the next
 * @throws {DataFileError} for a file that cannot be read, bytes that are not UTF-8, or a line that is too long
 */
export async function* readLines(
  file: string,
  maxLineBytes: number,
  input: AsyncIterable<Buffer> = createReadStream(file),
  onBadLine?: (error: DataFileError) => void,
): AsyncGenerator<Line> {
  // Chunks are kept in a list and joined at the line end, so that a huge line takes linear time.
  let parts: Buffer[] = []
  let size = 0
  let number = 1
  const add = (part: Buffer) => {
    size += part.length
    if (size > maxLineBytes) throw tooLong(file, number, maxLineBytes)
    parts.push(part)
  }
  for await (const chunk of readChunks(file, input)) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end))
      yield* decoded(file, number, Buffer.concat(parts), onBadLine)
      parts = []
      size = 0
      number++
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (size > 0) yield* decoded(file, number, Buffer.concat(parts), onBadLine)
}

function decoded(file: string, number: number, bytes: Buffer, onBadLine?: (error: DataFileError) => void): Line[] {
  try {
    return [{ number, text: decode(file, number, bytes) }]
  } catch (error) {
    if (onBadLine === undefined) throw error
    onBadLine(error as DataFileError)
    return []
  }
}

async function* readChunks(file: string, input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* input
  } catch (error) {
    throw new DataFileError(file, undefined, undefined, `${unreadable(error as NodeJS.ErrnoException)}.`)
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'the file does not exist; check the path'
  if (code === 'EISDIR') return 'expected a file, but this is a folder'
  if (code === 'EACCES') return 'the file may not be read; check its permissions'
  return `the file cannot be read (${message})`
}

// fatal: bytes that are not UTF-8 must not become U+FFFD in silence. ignoreBOM: only the file's first mark is taken off.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(file: string, number: number, bytes: Buffer): string {
  const start = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length
  try {
    return decoder.decode(bytes.subarray(start, end))
  } catch {
    const at = firstInvalidByte(bytes)
    const byte = bytes[at].toString(16).padStart(2, '0')
    throw new DataFileError(
      file,
      number,
      undefined,
      `expected UTF-8 text, but byte ${at + 1} of the line (0x${byte}) is none; save the file as UTF-8, and unpack it first if it is compressed.`,
    )
  }
}

/** Where in bytes that are not UTF-8 the first invalid sequence starts. */
function firstInvalidByte(bytes: Buffer): number {
  const lossy = bytes.toString('utf8')
  const replacement = Buffer.from('\ufffd')
  for (let at = lossy.indexOf('\ufffd'); ; at = lossy.indexOf('\ufffd', at + 1)) {
    const offset = Buffer.byteLength(lossy.slice(0, at))
    // The file may hold a U+FFFD of its own.
    if (!bytes.subarray(offset, offset + 3).equals(replacement)) return offset
  }
}

function tooLong(file: string, number: number, maxLineBytes: number): DataFileError {
  return new DataFileError(
    file,
    number,
    undefined,
    `the line is longer than ${maxLineBytes} bytes; expected one JSON object a line, so split it or check that the file is JSONL.`,
  )
}
