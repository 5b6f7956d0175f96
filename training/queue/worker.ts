import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, type Job, type RedisOptions, Worker } from 'bullmq'
import { EdtError } from '../../src/errors.js'
import { WorkerPool } from '../collect/pool.js'
import { ROLLOUT_ROWS } from '../collect/rollouts.js'
import type { ModelDescription, ModelOptions, RolloutOutcome } from '../collect/types.js'
import type { RolloutJob } from '../types.js'
import { packOutcome } from './codec.js'
import { misfit, type QueuedJob, requirementsOf } from './protocol.js'
import { workerName } from './queue-runner.js'

export interface QueueWorkerOptions extends ModelOptions {
  connection: RedisOptions
  queue: string
  /** Processes with a model of their own, one job each. */
  concurrency: number
  /** Threads inside one step of a model. @default 1 */
  threads?: number
  onEvent?: (event: WorkerEvent) => void
  /** Ends the worker: jobs under way are finished first. */
  signal?: AbortSignal
  /** Does the jobs, for tests. @default processes with the model */
  pool?: JobPool
}

/** What does the jobs of a worker. */
export interface JobPool {
  model(): Promise<ModelDescription>
  run(job: RolloutJob): Promise<RolloutOutcome>
  close(): Promise<void>
}

export type WorkerEvent =
  | { type: 'ready'; model: ModelDescription }
  | { type: 'done'; promptId: string; seconds: number }
  | { type: 'refused'; promptId: string; reason: string }
  | { type: 'failed'; promptId: string; reason: string }
  | { type: 'redis'; note: string }

/** A job that this worker must not do is offered to others again after this many ms … */
const OFFERED_AGAIN = 200
/** … and the worker takes no other before this many ms: what it sees is probably not for it. */
const REFUSED_PAUSE = 5_000
/** A worker that is gone for this long, in ms, has its jobs taken over. The process that talks to Redis runs no model, so it never blocks. */
const LOCK = 30_000
/** A job that was taken over once and takes its second worker with it, too, is set aside. */
const MOST_TAKEOVERS = 1

/**
 * Takes jobs from a queue and does them until it is told to stop. Any number of such processes, on any machines, may serve a queue.
 * @throws {ModelLoadError}; the signal's effect is an ordinary return
 */
export async function workQueue(
  options: QueueWorkerOptions,
): Promise<{ done: number; failed: number; refused: number }> {
  const { connection, queue, concurrency, threads = 1, model, dtype, device, onEvent, signal } = options
  const pool = options.pool ?? new WorkerPool({ model, dtype, device, threads }, concurrency, ROLLOUT_ROWS)
  const counts = { done: 0, failed: 0, refused: 0 }
  try {
    const description = await pool.model()
    onEvent?.({ type: 'ready', model: description })
    const has = requirementsOf(description, ROLLOUT_ROWS)
    const process = async (queued: Job<QueuedJob, string>, token?: string): Promise<string> => {
      const { job, requires } = queued.data
      const reason = misfit(requires, has)
      if (reason !== undefined) {
        counts.refused++
        onEvent?.({ type: 'refused', promptId: job.promptId, reason })
        // Not a failure of the job: others may fit.
        await queued.moveToDelayed(Date.now() + OFFERED_AGAIN, token)
        await sleep(REFUSED_PAUSE, undefined, { signal }).catch(() => undefined)
        throw new DelayedError()
      }
      const started = performance.now()
      const outcome = await pool.run(job)
      counts.done++
      onEvent?.({ type: 'done', promptId: job.promptId, seconds: (performance.now() - started) / 1000 })
      return packOutcome(outcome)
    }
    // One for each process, so that the list of Redis' clients tells how many jobs are done at once.
    const workers = Array.from({ length: concurrency }, () => {
      const worker = new Worker<QueuedJob, string>(queue, process, {
        connection,
        name: workerName(),
        lockDuration: LOCK,
        stalledInterval: LOCK / 2,
        maxStalledCount: MOST_TAKEOVERS,
      })
      worker.on('failed', (queued, error) => {
        counts.failed++
        onEvent?.({ type: 'failed', promptId: queued?.data.job.promptId ?? 'unknown', reason: error.message })
      })
      // Without a listener, an error of the connection would end the process.
      worker.on('error', (error) => {
        if (!(error instanceof EdtError)) onEvent?.({ type: 'redis', note: error.message || 'connection lost' })
      })
      return worker
    })
    await aborted(signal)
    await Promise.all(workers.map((worker) => worker.close()))
    return counts
  } finally {
    await pool.close()
  }
}

/** Never settles without a signal. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}
