import { rename, writeFile } from 'node:fs/promises'

/** Writes a JSON file: a killed process leaves the old file or the new one, never half of one. */
export async function writeWhole(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.part`, path)
}
