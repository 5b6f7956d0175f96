import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTuner } from '../../src/tuner/index.js'
import { type FitOptions, fitTuner, saveTuner } from '../fit/index.js'
import type { Cell, SurfaceSet } from '../types.js'
import type { StudyData } from './data.js'

/** What one fitted tuner says of the test prompts: all that judging it takes. */
export interface FitPredictions {
  /** Prompts that the network learned from. */
  trainPrompts: number
  /** The setting without a tuner that was best on those prompts. */
  bestFixed: Cell
  /** (T0, θ) of each test prompt, in the order of {@link StudyData.test}. */
  cells: Cell[]
  /** TensorFlow.js backend that it was fitted on. */
  backend: string
}

/**
 * Fits a tuner to a set of surfaces and predicts with it for every test prompt, through a checkpoint: so what is judged is what a user would load.
 * @throws as `fitTuner`
 */
export async function fitAndPredict(data: StudyData, set: SurfaceSet, options: FitOptions): Promise<FitPredictions> {
  const fit = await fitTuner(set, options)
  const folder = await mkdtemp(join(tmpdir(), 'edt-study-'))
  try {
    const path = join(folder, 'tuner')
    await saveTuner({ path, name: 'study', run: data.run, set, fit, seed: options.seed ?? 0 })
    const tuner = await loadTuner(path)
    const { featureVersion: version, featureNames: names } = set
    const cells = tuner.predict(data.test.map(({ features: values }) => ({ version, names, values })))
    return {
      trainPrompts: Number(fit.settings.trainPrompts),
      bestFixed: fit.bestCells.fixed,
      cells,
      backend: fit.backend,
    }
  } finally {
    fit.network.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}
