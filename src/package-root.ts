import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EdtError } from './errors.js'

let known: string | undefined

/**
 * Absolute path of the folder that holds edt-tuner's own package.json, and with it `data/` and `checkpoints/`.
 *
 * Found by walking up from this file, so it is the same from `src/` (tests) and from `dist/src/` (installed).
 * @throws {EdtError} when no folder above is the package (files were moved out of it)
 */
export function packageRoot(): string {
  known ??= findPackageRoot(dirname(fileURLToPath(import.meta.url)))
  return known
}

/** The nearest folder at or above `start` whose package.json has the name edt-tuner. */
export function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (packageName(folder) === 'edt-tuner') return folder
    if (folder === dirname(folder)) {
      throw new EdtError(
        `${start}: expected a package.json with the name edt-tuner in this folder or one above it, but found none; install edt-tuner as a whole package.`,
      )
    }
  }
}

function packageName(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
  } catch {
    // No package.json here, or one that is not ours to judge: keep walking up.
    return undefined
  }
}
