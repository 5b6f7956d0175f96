import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Tuner } from '../../src/tuner/index.js'
import { type AblateOptions, type AblationResult, ablate } from '../ablate/index.js'
import { openRunner, type RunnerOptions } from '../collect/index.js'
import { openStore, type RunSettings } from '../store/index.js'
import { readStudies } from '../studies/index.js'
import type { Grid, SurfaceSet } from '../types.js'
import { ablationFolder, type RunFolder } from './folder.js'
import { taskTuners } from './task-tuners.js'

export interface EvaluateOptions
  extends RunnerOptions,
    Omit<AblateOptions, 'tuner' | 'runner' | 'outDir' | 'taskTuner' | 'openTimingRunner'> {
  tuner: Tuner
}

export interface Evaluation {
  ablation: AblationResult
  /** Path of the page to open. */
  report: string
}

/**
 * Compares the tuner with fixed settings on held-out prompts, in the run's folder, and writes the report. A run that is
 * killed here goes on where it stopped.
 * @throws {CheckpointMismatchError} when the tuner was trained for another model; as `ablate`
 */
export async function evaluate(run: RunFolder, options: EvaluateOptions): Promise<Evaluation> {
  const { tuner } = options
  const runner = openRunner(options)
  try {
    tuner.checkModel(await runner.model())
    const { decoding, samples } = tuner.metadata
    const outDir = ablationFolder(run, tuner.metadata)
    const trained = await trainedOn(run.store, tuner.grid)
    const { signal } = options
    const folder = join(outDir, 'tuners')
    const taskTuner = trained === undefined ? undefined : taskTuners({ ...trained, tuner, folder, signal })
    const asTrained = { truncation: { topP: decoding.topP }, selfBleuGroup: Math.min(5, samples) }
    const openTimingRunner = () => openRunner({ ...options, workers: 1 })
    const result = await ablate({
      ...asTrained,
      ...options,
      taskTuner,
      runner,
      outDir,
      journals: run.journals,
      openTimingRunner,
      onProgress: (progress) => {
        run.progress({ step: progress.phase, done: progress.done, total: progress.total })
        options.onProgress?.(progress)
      },
    })
    const { writeReport } = await import('../report/index.js')
    const { html } = await writeReport(result, { outDir: dirname(run.report), studies: await readStudies(run.studies) })
    const scores = result.overall.strategies.map(({ id, eda }) => [id, eda.value])
    await run.event('evaluated', { prompts: result.overall.prompts, eda: Object.fromEntries(scores) })
    return { ablation: result, report: html }
  } catch (error) {
    // As in `collect`: workers that are still starting die of Ctrl-C.
    options.signal?.throwIfAborted()
    throw error
  } finally {
    await runner.close()
  }
}

/** The surfaces and settings of the run, unless there is no store or its grid is not the one that the tuner was trained on. */
async function trainedOn(storePath: string, grid: Grid): Promise<{ set: SurfaceSet; run: RunSettings } | undefined> {
  const exists = await stat(storePath).then(
    () => true,
    () => false,
  )
  if (!exists) return undefined
  const store = await openStore(storePath, { readOnly: true })
  try {
    const set = await store.surfaces({ splits: ['train', 'validation'] })
    return isDeepStrictEqual(set.grid, grid) ? { set, run: store.settings() } : undefined
  } finally {
    await store.close()
  }
}
