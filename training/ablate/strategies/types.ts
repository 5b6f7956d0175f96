import type { FeatureVector } from '../../../src/features/types.js'
import type { Truncation } from '../../../src/sampling/types.js'
import type { RolloutSpec } from '../../types.js'
import type { AblationPrompt, AblationTuner } from '../types.js'

/** How the tokens of one prompt are drawn. */
export type Sampling = Pick<RolloutSpec, 'strategy' | 'truncation'>

/** One of the settings that a strategy is tuned among. */
export interface Setting extends Sampling {
  /** Its numbers, e.g. `T 0.8, p 0.9`; no two settings of a strategy have the same. */
  label: string
}

/** Most settings of a strategy: as many as the default grid of EDT has cells, so that no strategy has more tries than EDT. */
export const MOST_SETTINGS = 35

/** What there is for strategies that need more than the tuner. */
export interface Available {
  tuner: AblationTuner
  /** Names of the tasks. */
  tasks: readonly string[]
  /** Whether settings are tuned on training prompts. */
  tuning: boolean
  /** Whether a tuner can be fitted on one task alone. */
  taskTuners: boolean
}

/** What a strategy may look at before the test prompts are sampled. */
export interface StrategyContext {
  tuner: AblationTuner
  /** Names of the tasks. */
  tasks: readonly string[]
  /** Of strategies that do not bring their own. */
  truncation: Truncation
  /** The best of the strategy's settings on the training prompts; present when it has settings and they were tuned. */
  tuned?: Setting
  /** By prompt key, of every test prompt. */
  features: ReadonlyMap<string, FeatureVector>
  /** A tuner that was fitted on one task alone. @throws as `fitTuner` */
  taskTuner(task: string): Promise<AblationTuner>
}

/** A strategy whose settings are known. */
export interface ReadyStrategy {
  /** Its numbers, e.g. `T0 1.3, θ 3`; empty where there are none. */
  setting: string
  samplingFor(prompt: AblationPrompt): Sampling
}

/** One way of choosing the sampler of a prompt: a row of the ablation's table. */
export interface Strategy {
  /** Stable name in files and flags, e.g. `best-fixed-edt`. */
  id: string
  /** Name in tables and plots. */
  label: string
  /** Whether it is compared unless the user says otherwise. */
  byDefault: boolean
  /**
   * What it is tuned among on the training prompts, at most `MOST_SETTINGS`; absent where there is nothing to tune.
   * @param truncation for settings that do not bring their own
   */
  settings?(truncation: Truncation): Setting[]
  /** What it would need and does not have, as the end of `… needs`; undefined when it can be used. */
  lacks?(available: Available): string | undefined
  ready(context: StrategyContext): ReadyStrategy | Promise<ReadyStrategy>
}
