import { rename, rm, writeFile } from 'node:fs/promises'

/** Writes a JSON file: a killed process leaves the old file or the new one, never half of one; a disk that is full leaves nothing new. */
export async function writeWhole(path: string, value: unknown): Promise<void> {
  const draft = `${path}.part`
  try {
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`)
    await rename(draft, path)
  } catch (error) {
    // On a disk that cannot be written there may be no draft, or one that cannot be removed: the first error is the one to tell.
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}
