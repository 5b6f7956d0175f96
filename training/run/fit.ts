import type { TunerMetadata } from '../../src/tuner/index.js'
import { type FitOptions, type FitResult, fitTuner, saveTuner } from '../fit/index.js'
import { openStore } from '../store/index.js'
import type { RunFolder } from './folder.js'

export interface FitInRunOptions extends FitOptions {
  /** Name of the tuner. @default 'tuner' */
  name?: string
  /** Names of the tasks to learn from. @default all tasks of the run */
  tasks?: readonly string[]
}

/** A fitted tuner: its checkpoint, and how the fit went. */
export interface FitInRunResult extends Omit<FitResult, 'network' | 'features'> {
  /** The folder of the checkpoint. */
  checkpoint: string
  metadata: TunerMetadata
}

/**
 * Fits a tuner to the run's store and writes it as the run's checkpoint.
 * @throws {StoreError} when there is no store or it cannot be read; as `fitTuner`
 */
export async function fitInRun(run: RunFolder, options: FitInRunOptions = {}): Promise<FitInRunResult> {
  const { name = 'tuner', tasks, ...fitOptions } = options
  const { settings, set } = await readSurfaces(run.store, tasks)
  const onProgress: FitOptions['onProgress'] = (progress) => {
    run.progress({ step: 'fit', done: progress.epoch, total: progress.epochs })
    options.onProgress?.(progress)
  }
  const fit = await fitTuner(set, { ...fitOptions, onProgress })
  try {
    const path = run.checkpoint
    const metadata = await saveTuner({ path, name, run: settings, set, fit, seed: options.seed ?? 0 })
    const { backend, validation, epoch, keptStart } = fit
    await run.event('fitted', { backend, validation, epoch, keptStart })
    const { network: _network, features: _features, ...rest } = fit
    return { checkpoint: path, metadata, ...rest }
  } finally {
    fit.network.dispose()
  }
}

async function readSurfaces(path: string, tasks: readonly string[] | undefined) {
  const store = await openStore(path, { readOnly: true })
  try {
    return { settings: store.settings(), set: await store.surfaces({ tasks, splits: ['train', 'validation'] }) }
  } finally {
    await store.close()
  }
}
