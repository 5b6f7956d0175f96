import type { RolloutSpec } from '../../types.js'
import type { AblationPrompt } from '../types.js'

/** One way of choosing the sampler of a prompt: a row of the ablation's table. */
export interface AblationStrategy {
  /** Stable name in files, e.g. `best-fixed-edt`. */
  id: string
  /** Name in tables and plots. */
  label: string
  /** Its numbers, e.g. `T0 1.3, θ 3`; empty where there are none. */
  setting: string
  rolloutFor(prompt: AblationPrompt): RolloutSpec
}

/** What all strategies of an ablation share. */
export type Decoding = Pick<RolloutSpec, 'samples' | 'truncation'>
