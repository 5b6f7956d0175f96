import { runStudies, type StudiesOptions, type StudiesResult } from '../studies/index.js'
import type { RunFolder } from './folder.js'

export type StudyInRunOptions = Omit<StudiesOptions, 'run' | 'storePath' | 'outDir'>

/** `runStudies` in the run's folder; what came out is written into its events. @throws as `runStudies` */
export async function studyInRun(run: RunFolder, options: StudyInRunOptions = {}): Promise<StudiesResult> {
  const result = await runStudies({ ...options, run: run.root, storePath: run.store, outDir: run.studies })
  await run.event('studied', { studies: result.studies.map(({ id }) => id) })
  return result
}
