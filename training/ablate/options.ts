import { InvalidOptionError } from '../../src/errors.js'
import type { Truncation } from '../../src/sampling/types.js'
import type { SplitName, Task } from '../../src/tasks/types.js'
import type { RolloutRunner } from '../collect/types.js'
import type { SurfaceSet } from '../types.js'
import type { AblationStrategy, Decoding } from './strategies/index.js'
import type { AblationTuner } from './types.js'

export interface AblateOptions {
  tuner: AblationTuner
  /** Tasks that the tuner has Q* and D* for. */
  tasks: readonly Task[]
  /** Does the rollouts; stays open. */
  runner: Pick<RolloutRunner, 'model' | 'outcomes'>
  /** Folder of the ablation: `rollouts.jsonl`, `settings.json`, `ablation.json`. With the same folder a killed ablation goes on. */
  outDir: string
  /** @default 'test' */
  split?: SplitName
  /** Most prompts of each task, from the start of its file. @default all @example 100 */
  limit?: number
  /** Samples a prompt and strategy, at least `selfBleuGroup`. @default 10 */
  samples?: number
  /** n of Self-BLEU, as in training. @default 5 */
  selfBleuGroup?: number
  /** @default 0 */
  seed?: number
  /** @default { topP: 0.95 } */
  truncation?: Truncation
  /** Prompts for the oracle, spread over the tasks; 0 leaves it out. @default 60 */
  oraclePrompts?: number
  /** Samples a prompt and cell for the oracle, at least 2 · `selfBleuGroup`. @default 32 */
  oracleSamples?: number
  /** Resamples of the bootstrap. @default 10000 */
  resamples?: number
  /** The surfaces the tuner was trained on, for the map of EDA over the grid. @default the oracle's rollouts */
  surfaces?: SurfaceSet
  /** Further strategies to compare. @default none @example (decoding) => [greedy(decoding)] */
  strategies?: (decoding: Decoding) => AblationStrategy[]
  onProgress?: (progress: AblationProgress) => void
  /** Ends the ablation; it then rejects with the signal's reason and can be resumed. */
  signal?: AbortSignal
}

/** Jobs of one phase that are done, those of earlier sessions included. The phases follow one another. */
export interface AblationProgress {
  /** `features`: one prefill a prompt; `strategies`: all strategies of a prompt; `oracle`: all cells of a prompt. */
  phase: 'features' | 'strategies' | 'oracle'
  done: number
  total: number
}

export type CompleteOptions = Required<Omit<AblateOptions, 'limit' | 'surfaces' | 'onProgress' | 'signal'>> &
  Pick<AblateOptions, 'limit' | 'surfaces' | 'onProgress' | 'signal'>

/** @throws {InvalidOptionError} for a number out of range */
export function completeOptions(options: AblateOptions): CompleteOptions {
  const complete: CompleteOptions = {
    split: 'test',
    samples: 10,
    selfBleuGroup: 5,
    seed: 0,
    truncation: { topP: 0.95 },
    oraclePrompts: 60,
    oracleSamples: 32,
    resamples: 10_000,
    strategies: () => [],
    ...defined(options),
  }
  const { selfBleuGroup, samples, oraclePrompts, oracleSamples, resamples } = complete
  atLeast('selfBleuGroup', selfBleuGroup, 2)
  atLeast('samples', samples, selfBleuGroup, `Self-BLEU compares groups of ${selfBleuGroup} samples.`)
  atLeast('oraclePrompts', oraclePrompts, 0)
  const halves = `Each half of the samples needs a Self-BLEU group of ${selfBleuGroup}.`
  if (oraclePrompts > 0) atLeast('oracleSamples', oracleSamples, 2 * selfBleuGroup, halves)
  atLeast('resamples', resamples, 40, 'A 95 % interval cuts off one resample in forty at each end.')
  return complete
}

/** Without fields that are present and undefined, which would hide a default. */
function defined(options: AblateOptions): AblateOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as AblateOptions
}

function atLeast(option: string, value: number, least: number, hint?: string): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InvalidOptionError(option, `a whole number of at least ${least}`, value, hint)
  }
}
