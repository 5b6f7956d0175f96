import { saveCheckpoint, type TunerMetadata } from '../../src/tuner/index.js'
import type { RunSettings } from '../store/index.js'
import type { SurfaceSet } from '../types.js'
import type { FitResult } from './types.js'

export interface SaveTunerOptions {
  /** Folder to write. @example 'checkpoints/debian-6m/universal' */
  path: string
  /** @example 'universal' */
  name: string
  /** Settings of the run that the surfaces come from. */
  run: RunSettings
  /** The surfaces that the network was trained on. */
  set: SurfaceSet
  fit: FitResult
  /** Seed of the fit. */
  seed: number
}

/** Writes what `fitTuner` made as a checkpoint folder, complete or not at all. @throws {CheckpointError} */
export async function saveTuner({ path, name, run, set, fit, seed }: SaveTunerOptions): Promise<TunerMetadata> {
  const { groups, names, normalization } = fit.features
  const stops = new Set(run.tasks.flatMap((task) => task.stop))
  return saveCheckpoint(path, fit.network, {
    tunerName: name,
    languageModel: run.model,
    tasks: Object.keys(fit.references).sort(),
    features: {
      version: set.featureVersion,
      groups,
      names,
      means: [...normalization.means],
      stds: [...normalization.stds],
    },
    grid: { t0: [...set.grid.t0], theta: [...set.grid.theta] },
    references: fit.references,
    bestCells: fit.bestCells,
    balance: fit.balance,
    meanSurfaces: rounded(fit.meanSurfaces),
    scores: { validation: fit.validation },
    signatures: set.signatures,
    samples: set.samples,
    seed,
    training: fit.settings,
    decoding: {
      maxNewTokens: Math.max(...run.tasks.map((task) => task.maxNewTokens)),
      stop: [...stops],
      topP: run.truncation.topP ?? 1,
    },
  })
}

/** Four decimals are far below the sampling noise, and keep `tuner.json` readable. */
function rounded(surfaces: FitResult['meanSurfaces']): TunerMetadata['meanSurfaces'] {
  const round = (values: readonly number[]) => values.map((value) => Number(value.toFixed(4)))
  return Object.fromEntries(
    Object.entries(surfaces).map(([task, { prompts, quality, selfBleu }]) => [
      task,
      { prompts, quality: round(quality), selfBleu: round(selfBleu) },
    ]),
  )
}
