import { join } from 'node:path'
import { loadTuner, type Tuner } from '../../src/tuner/index.js'
import { fitTuner, saveTuner } from '../fit/index.js'
import type { RunSettings } from '../store/index.js'
import type { SurfaceSet } from '../types.js'

export interface TaskTunerOptions {
  /** The tuner of all tasks: those of one task read the same groups of features and have the same seed. */
  tuner: Tuner
  /** All surfaces of the run. */
  set: SurfaceSet
  run: RunSettings
  /** Their checkpoints are kept here, in a folder for each task. */
  folder: string
  signal?: AbortSignal
}

/**
 * Tuners that are fitted on one task alone, from the same store as the tuner of all tasks. Each is fitted when it is asked for and kept as a
 * checkpoint, so that an ablation that goes on does not fit it again.
 * @returns a function that throws as `fitTuner` and `saveTuner`
 */
export function taskTuners({ tuner, set, run, folder, signal }: TaskTunerOptions): (task: string) => Promise<Tuner> {
  return async (task) => {
    const path = join(folder, task)
    // One that is damaged is fitted anew, like one that is missing.
    const kept = await loadTuner(path).catch(() => undefined)
    if (kept !== undefined) return kept
    const own = { ...set, surfaces: set.surfaces.filter((surface) => surface.task === task) }
    const { features, seed } = tuner.metadata
    const fit = await fitTuner(own, { groups: features.groups, seed, signal })
    try {
      const tasks = run.tasks.filter(({ name }) => name === task)
      await saveTuner({ path, name: `${tuner.name}-${task}`, run: { ...run, tasks }, set: own, fit, seed })
    } finally {
      fit.network.dispose()
    }
    return loadTuner(path)
  }
}
