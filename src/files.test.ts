import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileTooLargeError, readBounded, readTextBounded } from './files.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-files-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('reading a whole file', () => {
  it('gives what is in it', async () => {
    const path = join(folder, 'text')
    await writeFile(path, 'größer\n')
    expect(await readTextBounded(path, 9)).toBe('größer\n')
    await expect(readTextBounded(path, 8)).rejects.toThrow(FileTooLargeError)
  })

  it('refuses a huge file before anything is allocated for it', async () => {
    const path = join(folder, 'huge')
    await writeFile(path, '')
    await truncate(path, 2 ** 40)
    const before = process.memoryUsage.rss()
    await expect(readBounded(path)).rejects.toThrow('huge: the file has more than 268435456 bytes')
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20)
  })

  it.runIf(process.platform === 'linux')('stops reading a device without an end', async () => {
    await expect(readBounded('/dev/zero', 2 ** 20)).rejects.toThrow('/dev/zero: the file has more than 1048576 bytes')
  })

  it('says what the operating system says of a file that is not there', async () => {
    await expect(readBounded(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readBounded(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
