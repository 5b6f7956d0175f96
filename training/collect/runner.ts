import { availableParallelism } from 'node:os'
import { InvalidOptionError } from '../../src/errors.js'
import { ContextOverflowError } from '../../src/lm/errors.js'
import type { RolloutJob, RolloutResult } from '../types.js'
import { RolloutError } from './errors.js'
import { InProcessRunner } from './in-process.js'
import { WorkerPool } from './pool.js'
import { ROLLOUT_ROWS } from './rollouts.js'
import type { Overflow, RolloutRunner, RunnerOptions } from './types.js'

/** @throws {InvalidOptionError} for a bad number of workers */
export function openRunner(options: RunnerOptions): RolloutRunner {
  const { model, dtype, device, maxRows = ROLLOUT_ROWS, workerEntry } = options
  const workers = workersOf(options)
  if (!Number.isInteger(workers) || workers < 0) throw new InvalidOptionError('workers', 'a whole number ≥ 0', workers)
  // One thread wherever a job runs: the numbers do not depend on it, and processes do not get in each other's way.
  const load = { model, dtype, device, threads: 1 }
  return workers === 0 ? new InProcessRunner(load, maxRows) : new WorkerPool(load, workers, maxRows, workerEntry)
}

/** Processes of a runner. Another device than the CPU is shared by all of them, and one keeps it busy. */
export function workersOf({ workers, device = 'cpu' }: Pick<RunnerOptions, 'workers' | 'device'>): number {
  return workers ?? (device === 'cpu' ? availableParallelism() : 1)
}

export interface RunJobsOptions extends RunnerOptions {
  signal?: AbortSignal
  /** Told of each prompt that does not fit into the context; without it, the first such prompt ends everything. */
  onOverflow?: (promptId: string, overflow: Overflow) => void
}

/**
 * Does jobs with one model, in worker processes unless `workers` is 0. Results come as they are ready; see
 * {@link RolloutRunner.outcomes}.
 * @example for await (const result of runJobs(jobs, { model: 'debian-6m' })) …
 * @throws {ContextOverflowError} for a prompt that does not fit; {ModelLoadError} {RolloutError} {InvalidOptionError}
 */
export async function* runJobs(
  jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>,
  { signal, onOverflow, ...options }: RunJobsOptions,
): AsyncGenerator<RolloutResult> {
  const runner = openRunner(options)
  try {
    for await (const { promptId, result, overflow, failure } of runner.outcomes(jobs, signal)) {
      if (failure !== undefined) throw new RolloutError(promptId, failure.reason)
      if (overflow === undefined) yield result
      else if (onOverflow !== undefined) onOverflow(promptId, overflow)
      else throw new ContextOverflowError(overflow.promptTokens, overflow.maxNewTokens, overflow.contextLength)
    }
  } finally {
    await runner.close()
  }
}
