import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AblationResult } from '../ablate/index.js'
import type { ReportFiles } from '../report/index.js'
import { readStudies } from '../studies/index.js'
import { RunFolderError } from './errors.js'
import { isRun, runPaths } from './folder.js'

/**
 * Writes the report of a run anew, from its newest ablation and the studies that it has by now. Nothing is sampled.
 * @throws {RunFolderError} when the folder is no run, has no ablation, or one that another version of edt-tuner wrote
 */
export async function reportInRun(root: string): Promise<ReportFiles> {
  const paths = runPaths(root)
  if (!(await isRun(root))) throw new RunFolderError(root, 'this is not the folder of a run.')
  const file = await newestAblation(paths.ablations)
  if (file === undefined) {
    throw new RunFolderError(root, `this run has no ablation to report; make one with \`edt ablate --out ${root}\`.`)
  }
  const result: AblationResult = JSON.parse(await readFile(file, 'utf8'))
  if (result.formatVersion !== 2) {
    const found = `another version of edt-tuner wrote it (format ${result.formatVersion}, expected 2)`
    throw new RunFolderError(file, `${found}; run \`edt ablate --out ${root}\` again.`)
  }
  const { writeReport } = await import('../report/index.js')
  return writeReport(result, { outDir: dirname(paths.report), studies: await readStudies(paths.studies) })
}

/** Each tuner that was compared has a folder of its own. */
async function newestAblation(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name, 'ablation.json')
      const time = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      )
      return { path, time }
    }),
  )
  const finished = files.filter(({ time }) => time !== undefined).sort((a, b) => b.time! - a.time!)
  return finished[0]?.path
}
