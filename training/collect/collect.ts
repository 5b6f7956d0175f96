import { InvalidOptionError } from '../../src/errors.js'
import { FEATURE_VERSION } from '../../src/features/index.js'
import type { Truncation } from '../../src/sampling/index.js'
import type { SplitName, Task } from '../../src/tasks/index.js'
import { type RunSettings, resumeStore, type Store } from '../store/index.js'
import type { Grid } from '../types.js'
import { sessionEnvironment } from './environment.js'
import { type CostEstimate, estimateCost, type MeasuredRate } from './estimate.js'
import { checkGrid, DEFAULT_GRID, samplerSignatures } from './grid.js'
import { gridJobs, planPrompts } from './plan.js'
import { probeJobs } from './probe.js'
import { type CollectProgress, ProgressMeter } from './progress.js'
import { ROLLOUT_ROWS, type RolloutProfile } from './rollouts.js'
import { openRunner, workersOf } from './runner.js'
import type { JobFailure, ModelDescription, Overflow, RolloutOutcome, RolloutRunner, RunnerOptions } from './types.js'

export interface CollectOptions extends RunnerOptions {
  /** Tasks of different names. @example [await openTask('answer')] */
  tasks: readonly Task[]
  /**
   * Most prompts a task; 0 leaves a split out. Tuners never learn from the test split: its surfaces are what studies judge by.
   * @default all training and validation prompts, no test prompts @example { train: 100, validation: 30, test: 50 }
   */
  limits?: Partial<Record<SplitName, number>>
  /** @default T0 ∈ {0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2} × θ ∈ {0, 0.5, 1.5, 3, 6} */
  grid?: Grid
  /** Samples a cell, ≥ 2. @default 5 */
  samples?: number
  /** Self-BLEU is the mean over disjoint groups of this many samples. @default 5, or all samples if they are fewer */
  selfBleuGroup?: number
  /** @default 0 */
  seed?: number
  /** @default { topP: 0.95 } */
  truncation?: Truncation
  /** The run's DuckDB file: made, or gone on with. @example 'runs/first/store.duckdb' */
  storePath: string
  /** Does the jobs, and is closed afterwards. @default processes on this machine */
  runner?: RolloutRunner
  signal?: AbortSignal
  /** Called at the start and after each prompt. */
  onProgress?: (progress: CollectProgress) => void
  /** Told what the run will cost, before it starts; a few of its prompts are drawn first, unless an earlier rate is known. */
  onEstimate?: (estimate: CostEstimate) => void
  /** How fast an earlier session with the same options drew on this machine. */
  earlierRate?: MeasuredRate
}

/** A prompt whose job was set aside. */
export interface FailedPrompt extends JobFailure {
  promptId: string
}

export interface CollectResult {
  storePath: string
  model: ModelDescription
  /** Prompts of this plan: all, collected (in this session and before), and keys of those that do not fit. */
  total: number
  finished: number
  skipped: string[]
  /** Prompts whose jobs were set aside in this session; they are tried again in the next. */
  failed: FailedPrompt[]
  /** In this session. */
  collected: number
  samples: number
  tokens: number
  /** Spent on drawing, without loading. */
  seconds: number
  /** Where the time of this session's processes went. */
  profile: RolloutProfile
}

/**
 * Runs the EDT sampler over the whole grid on every train and validation prompt of the tasks (and on test prompts if there
 * is a limit for them), and writes prompts, features, samples and scores to a store: one prompt with all its cells at a
 * time, in one transaction. Killed at any moment, the same call goes on where it stopped; the finished store has the
 * contents of an undisturbed run, whatever the number of workers. A call with higher limits adds prompts to the run.
 *
 * @throws {InvalidOptionError} {DataFileError} {ModelLoadError} {StoreError} {RolloutError}; the signal's reason when aborted
 */
export async function collect(options: CollectOptions): Promise<CollectResult> {
  const { tasks, limits = {}, storePath, signal, onProgress, onEstimate, earlierRate: earlier } = options
  const chosen = chooseSettings(options)
  const prompts = await planPrompts(tasks, limits)
  const runner = options.runner ?? openRunner({ ...options, maxRows: chosen.maxRows })
  let store: Store | undefined
  try {
    const model = await runner.model()
    signal?.throwIfAborted()
    const settings = runSettings(options, model)
    store = await resumeStore(storePath, settings, sessionEnvironment(model))
    const { pending, finished, skipped } = await store.plan(prompts)
    const meter = new ProgressMeter(finished + skipped, skipped, prompts.length)
    onProgress?.(meter.progress())
    const failed: FailedPrompt[] = []
    const handled = new Set<string>()
    const opened = store
    const take = async (outcome: RolloutOutcome) => {
      const { promptId, failure } = outcome
      handled.add(promptId)
      if (failure === undefined) await writeOutcome(opened, outcome, meter)
      else failed.push({ promptId, ...failure })
      onProgress?.(meter.progress())
    }
    if (onEstimate !== undefined) {
      const jobs = [...gridJobs(settings, pending)]
      const workers = workersOf(options)
      // The jobs of a given runner may wait for machines that are not there yet, so none are tried.
      const probe = options.runner === undefined ? () => probeJobs(runner, jobs, { workers, signal, take }) : undefined
      onEstimate(await estimateCost({ storePath, total: prompts.length, jobs, probe, workers, earlier }))
    }
    const rest = pending.filter(({ promptId }) => !handled.has(promptId))
    for await (const outcome of runner.outcomes(gridJobs(settings, rest), signal)) await take(outcome)
    const left = store.skippedPrompts()
    return {
      storePath,
      model,
      total: prompts.length,
      finished: finished + meter.collected,
      skipped: prompts.map(({ promptId }) => promptId).filter((promptId) => left.has(promptId)),
      failed,
      collected: meter.collected,
      samples: meter.samples,
      tokens: meter.tokens,
      seconds: meter.seconds,
      profile: meter.profile,
    }
  } catch (error) {
    // Ctrl-C reaches workers that are still starting, too, and they die of it.
    signal?.throwIfAborted()
    throw error
  } finally {
    await runner.close()
    await store?.close()
  }
}

async function writeOutcome(
  store: Store,
  { promptId, result, profile, overflow }: Exclude<RolloutOutcome, { failure: JobFailure }>,
  meter: ProgressMeter,
) {
  if (overflow === undefined) {
    await store.writeRollouts(result)
    meter.count(result, profile)
  } else {
    await store.writeSkipped(promptId, overflow.promptTokens, overflowReason(overflow))
    meter.countSkipped()
  }
}

function overflowReason({ promptTokens, maxNewTokens, contextLength }: Overflow): string {
  return `${promptTokens} tokens and up to ${maxNewTokens} new ones exceed the context of ${contextLength}`
}

/** The settings of the run, those of the model apart. @throws {InvalidOptionError} */
function chooseSettings(options: CollectOptions): Omit<RunSettings, 'model'> {
  const { tasks, grid = DEFAULT_GRID, samples = 5, seed = 0, truncation = { topP: 0.95 } } = options
  const { selfBleuGroup = Math.min(5, samples), maxRows = ROLLOUT_ROWS } = options
  checkGrid(grid)
  if (!Number.isInteger(samples) || samples < 2) {
    throw new InvalidOptionError(
      'samples',
      'a whole number ≥ 2',
      samples,
      'Self-BLEU compares samples with each other.',
    )
  }
  if (!Number.isInteger(selfBleuGroup) || selfBleuGroup < 2 || selfBleuGroup > samples) {
    throw new InvalidOptionError('selfBleuGroup', `a whole number from 2 to samples (${samples})`, selfBleuGroup)
  }
  if (!Number.isSafeInteger(seed)) throw new InvalidOptionError('seed', 'a whole number', seed)
  return {
    tasks: tasks
      .map(({ definition: { name, metric, tokenize, maxNewTokens, stop, chat, maxSourceChars, splits } }) => ({
        ...{ name, metric, tokenize, maxNewTokens, stop },
        // Left out where they say nothing, as in stores that were made before they were known.
        ...(chat ? { chat } : {}),
        ...(maxSourceChars === undefined ? {} : { maxSourceChars }),
        ...(splits === undefined ? {} : { splits }),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    grid: { t0: [...grid.t0], theta: [...grid.theta] },
    samples,
    selfBleuGroup,
    seed,
    truncation,
    maxRows,
    featureVersion: FEATURE_VERSION,
    samplers: samplerSignatures(grid, truncation),
  }
}

/** Everything that decides the numbers of a run with this model. @throws {InvalidOptionError} */
export function runSettings(options: CollectOptions, model: ModelDescription): RunSettings {
  const { id, vocabularySize, vocabularyHash, dtype } = model
  return { model: { id, vocabularySize, vocabularyHash, dtype }, ...chooseSettings(options) }
}
