import type { FeatureGroup } from '../../src/features/types.js'
import type { BackendName } from '../../src/tuner/index.js'
import type { FitOptions, TunedAxes } from '../fit/index.js'
import type { Grid } from '../types.js'

/** What one tuner of a study learns from and how; left out, it is as `edt fit` would do it on the whole run. Plain data. */
export interface FitSpec {
  /** Learn from these tasks alone. @default all */
  tasks?: readonly string[]
  /** Learn from this many training prompts, in the same shares of tasks, and as large a share of the validation prompts. @default all */
  subset?: { prompts: number; draw: number }
  /** Learn from the first samples of each cell alone. @default all */
  samples?: number
  /** Learn from these cells of the run's grid alone. @default all */
  grid?: Grid
  /** Feature groups to read. @default those that `edt fit` reads */
  groups?: readonly FeatureGroup[]
  /** What is learned; the other stays at the best fixed cell's value. @default both */
  axes?: TunedAxes
  /** Seed of the fit. */
  seed: number
}

/** Settings that all fits of the studies share; the library's defaults hold for what is left out. */
export interface SharedFitSettings extends Pick<FitOptions, 'members' | 'epochs' | 'balance'> {
  backend: BackendName
}
