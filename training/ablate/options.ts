import { InvalidOptionError } from '../../src/errors.js'
import type { Truncation } from '../../src/sampling/types.js'
import type { SplitName, Task } from '../../src/tasks/types.js'
import type { RolloutRunner } from '../collect/types.js'
import type { Strategy } from './strategies/index.js'
import type { AblationTuner } from './types.js'

export interface AblateOptions {
  tuner: AblationTuner
  /** Tasks that the tuner has Q* and D* for. */
  tasks: readonly Task[]
  /** Does the rollouts; stays open. */
  runner: Pick<RolloutRunner, 'model' | 'outcomes'>
  /** Folder of the ablation: `ablation.json` and, without `journals`, the journal. With the same folder a killed ablation goes on. */
  outDir: string
  /**
   * Folder of journals that ablations of several tuners share, one journal for each set of settings: what they have in common is drawn once.
   * @default none: the journal is in `outDir`
   */
  journals?: string
  /**
   * What to compare: names, `all`, or strategies of one's own. The best fixed and the learned EDT are always compared, too.
   * @default those that are cheap and can be used @example ['greedy', 'min-p', 'oracle']
   */
  strategies?: readonly (string | Strategy)[]
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
  /** Of strategies that do not bring their own. @default { topP: 0.95 } */
  truncation?: Truncation
  /** Training prompts that strategies are tuned on, spread over the tasks; 0 leaves out those that need it. @default 100 */
  tunePrompts?: number
  /** Samples of each setting and training prompt, at least `selfBleuGroup`. @default `selfBleuGroup` */
  tuneSamples?: number
  /** Prompts for the oracle, spread over the tasks; 0 leaves it out. @default 60 */
  oraclePrompts?: number
  /** Samples a prompt and cell for the oracle, at least 2 · `selfBleuGroup`. @default 32 */
  oracleSamples?: number
  /** Prompts for the curves of quality against Self-BLEU, spread over the tasks; 0 leaves them out. @default 200 */
  curvePrompts?: number
  /** Prompts for speed and memory, spread over the tasks; 0 leaves them out. @default 5 */
  timingPrompts?: number
  /** Opens a fresh process with the model, to measure speed and memory in. @default none: nothing is measured */
  openTimingRunner?: () => RolloutRunner
  /** Resamples of the bootstrap. @default 10000 */
  resamples?: number
  /** A tuner fitted on one task alone, for the strategy `learned-edt-per-task`. @default none */
  taskTuner?: (task: string) => Promise<AblationTuner>
  onProgress?: (progress: AblationProgress) => void
  /** Ends the ablation; it then rejects with the signal's reason and can be resumed. */
  signal?: AbortSignal
}

/**
 * Jobs of one phase that are done, those of earlier sessions included. The phases follow one another:
 * - `features`: one prefill a prompt
 * - `tuning`: all settings of a strategy on a training prompt
 * - `fitting`: a tuner of one task
 * - `strategies`: all strategies of a prompt
 * - `oracle`: all cells of a prompt
 * - `curves`: all points of a prompt
 * - `examples`: the tokens of a prompt that is shown
 * - `timing`: one strategy on one prompt
 */
export interface AblationProgress {
  phase: 'features' | 'tuning' | 'fitting' | 'strategies' | 'oracle' | 'curves' | 'examples' | 'timing'
  done: number
  total: number
}

type Optional = 'journals' | 'strategies' | 'limit' | 'taskTuner' | 'openTimingRunner' | 'onProgress' | 'signal'
export type CompleteOptions = Required<Omit<AblateOptions, Optional>> & Pick<AblateOptions, Optional>

/** @throws {InvalidOptionError} for a number out of range */
export function completeOptions(options: AblateOptions): CompleteOptions {
  const given = defined(options)
  const { selfBleuGroup = 5 } = given
  const complete: CompleteOptions = {
    split: 'test',
    samples: 10,
    seed: 0,
    truncation: { topP: 0.95 },
    tunePrompts: 100,
    tuneSamples: selfBleuGroup,
    oraclePrompts: 60,
    oracleSamples: 32,
    curvePrompts: 200,
    timingPrompts: 5,
    resamples: 10_000,
    ...given,
    selfBleuGroup,
  }
  const { samples, tunePrompts, tuneSamples, oraclePrompts, oracleSamples, curvePrompts, timingPrompts } = complete
  const groups = `Self-BLEU compares groups of ${selfBleuGroup} samples.`
  atLeast('selfBleuGroup', selfBleuGroup, 2)
  atLeast('samples', samples, selfBleuGroup, groups)
  for (const [name, value] of Object.entries({ tunePrompts, oraclePrompts, curvePrompts, timingPrompts })) {
    atLeast(name, value, 0)
  }
  if (tunePrompts > 0) atLeast('tuneSamples', tuneSamples, selfBleuGroup, groups)
  const halves = `Each half of the samples needs a Self-BLEU group of ${selfBleuGroup}.`
  if (oraclePrompts > 0) atLeast('oracleSamples', oracleSamples, 2 * selfBleuGroup, halves)
  atLeast('resamples', complete.resamples, 40, 'A 95 % interval cuts off one resample in forty at each end.')
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
