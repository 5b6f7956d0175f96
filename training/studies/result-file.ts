import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { readTextBounded } from '../../src/files.js'
import { everyStudy } from './definitions/index.js'
import type { StudiesResult, StudyResult, StudySettings } from './types.js'

/** Where the results of studies lie in their folder. */
function resultPath(outDir: string): string {
  return join(outDir, 'studies.json')
}

/** Where their finished fits lie. */
export function fitsFolder(outDir: string): string {
  return join(outDir, 'fits')
}

/**
 * Adds studies to the result file; a study that is there already is replaced. Results of other settings are dropped: numbers in one file compare
 * with each other.
 * @returns what the file holds now
 */
export async function addStudies(
  outDir: string,
  settings: StudySettings,
  studies: readonly StudyResult[],
  leftOut: StudiesResult['leftOut'],
): Promise<StudiesResult> {
  const path = resultPath(outDir)
  const earlier = await readStudies(outDir)
  const kept = earlier !== undefined && comparable(earlier.settings, settings) ? earlier : undefined
  const place = ({ id }: { id: string }) => everyStudy.findIndex((study) => study.id === id)
  const result: StudiesResult = {
    formatVersion: 1,
    settings,
    studies: merge(kept?.studies ?? [], studies).sort((a, b) => place(a) - place(b)),
    leftOut: merge(kept?.leftOut ?? [], leftOut).sort((a, b) => place(a) - place(b)),
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, `${JSON.stringify(result, null, 2)}\n`)
  await rename(`${path}.part`, path)
  return result
}

function merge<T extends { id: string }>(old: readonly T[], fresh: readonly T[]): T[] {
  return [...old.filter(({ id }) => !fresh.some((study) => study.id === id)), ...fresh]
}

/** Equal but for what the run is called and what it was made with. */
function comparable(a: StudySettings, b: StudySettings): boolean {
  const plain = ({ run: _run, versions: _versions, ...rest }: StudySettings) => JSON.parse(JSON.stringify(rest))
  return isDeepStrictEqual(plain(a), plain(b))
}

const resultSchema = z.looseObject({
  formatVersion: z.literal(1),
  settings: z.looseObject({}),
  studies: z.array(z.looseObject({ id: z.string() })),
  leftOut: z.array(z.object({ id: z.string(), reason: z.string() })),
})

/** What a folder of studies holds; undefined when there is nothing, or something that another version wrote. */
export async function readStudies(outDir: string): Promise<StudiesResult | undefined> {
  const path = resultPath(outDir)
  const content = await readTextBounded(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined) return undefined
  try {
    return resultSchema.parse(JSON.parse(content)) as unknown as StudiesResult
  } catch {
    return undefined
  }
}
