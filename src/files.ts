import { open } from 'node:fs/promises'
import { EdtError } from './errors.js'

/** A file is larger than anything that it could rightly hold. */
export class FileTooLargeError extends EdtError {
  override name = 'FileTooLargeError' as const
  constructor(
    readonly path: string,
    readonly maxBytes: number,
  ) {
    super(
      `${path}: the file has more than ${maxBytes} bytes, far more than such a file needs; check that it is the right one.`,
    )
  }
}

/** Most bytes of a JSON file that is read as a whole: settings, metadata, results. */
export const MAX_JSON_BYTES = 256 * 2 ** 20

/**
 * Reads a whole file, but not before its size is known to be sensible; a pipe or a device, which has no size, is read as far as the limit.
 * @throws {FileTooLargeError}; whatever `open` and `read` throw
 */
export async function readBounded(path: string, maxBytes: number = MAX_JSON_BYTES): Promise<Buffer> {
  const handle = await open(path)
  try {
    if ((await handle.stat()).size > maxBytes) throw new FileTooLargeError(path, maxBytes)
    const parts: Buffer[] = []
    let size = 0
    for await (const part of handle.createReadStream({ autoClose: false })) {
      size += part.length
      if (size > maxBytes) throw new FileTooLargeError(path, maxBytes)
      parts.push(part)
    }
    return Buffer.concat(parts)
  } finally {
    await handle.close()
  }
}

/** As `readBounded`, as UTF-8 text. */
export async function readTextBounded(path: string, maxBytes?: number): Promise<string> {
  return (await readBounded(path, maxBytes)).toString('utf8')
}
