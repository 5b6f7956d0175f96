import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Paths in a folder that is removed when the test file is done. */
export function temporaryPaths(): (name: string) => Promise<string> {
  const folders: string[] = []
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))
  return async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'edt-store-'))
    folders.push(folder)
    return join(folder, name)
  }
}
