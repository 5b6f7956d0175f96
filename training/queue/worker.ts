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
  /** A worker that is gone for this long, in ms, has its jobs taken over. @default 30,000 */
  takeoverAfter?: number
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

/** What a worker did with the jobs that it was given. */
export interface WorkerCounts {
  done: number
  /** A job that fails twice counts twice. */
  failedTries: number
  /** Left to others. */
  refused: number
  /** False when Redis was away in the end: its connections may keep the process from ending by itself. */
  closed: boolean
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
/** The process that talks to Redis runs no model, so it never blocks and renews its locks in time. */
const TAKEOVER_AFTER = 30_000
/** How long, in ms, a worker that was told to stop and runs no job waits for Redis to hear of it. */
const PATIENCE = 5_000
const PATIENCE_STEP = 200
/** A job that was taken over once and takes its second worker with it, too, is set aside. */
const MOST_TAKEOVERS = 1

/**
 * Takes jobs from a queue and does them until it is told to stop. Any number of such processes, on any machines, may serve a queue.
 * @throws {ModelLoadError}; the signal's effect is an ordinary return
 */
export async function workQueue(options: QueueWorkerOptions): Promise<WorkerCounts> {
  const { connection, queue, concurrency, threads = 1, model, dtype, device, onEvent, signal } = options
  const lock = options.takeoverAfter ?? TAKEOVER_AFTER
  const pool = options.pool ?? new WorkerPool({ model, dtype, device, threads }, concurrency, ROLLOUT_ROWS)
  const counts: WorkerCounts = { done: 0, failedTries: 0, refused: 0, closed: false }
  try {
    const description = await pool.model()
    onEvent?.({ type: 'ready', model: description })
    const has = requirementsOf(description, ROLLOUT_ROWS)
    let running = 0
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
      running++
      const outcome = await pool.run(job).finally(() => running--)
      counts.done++
      onEvent?.({ type: 'done', promptId: job.promptId, seconds: (performance.now() - started) / 1000 })
      return packOutcome(outcome)
    }
    // One for each process, so that the list of Redis' clients tells how many jobs are done at once.
    const workers = Array.from({ length: concurrency }, () => {
      const worker = new Worker<QueuedJob, string>(queue, process, {
        connection,
        name: workerName(),
        lockDuration: lock,
        stalledInterval: lock / 2,
        maxStalledCount: MOST_TAKEOVERS,
      })
      worker.on('failed', (queued, error) => {
        counts.failedTries++
        onEvent?.({ type: 'failed', promptId: queued?.data.job.promptId ?? 'unknown', reason: error.message })
      })
      // Without a listener, an error of the connection would end the process.
      worker.on('error', (error) => {
        if (!(error instanceof EdtError)) onEvent?.({ type: 'redis', note: error.message || 'connection lost' })
      })
      return worker
    })
    await aborted(signal)
    counts.closed = await closeAll(workers, () => running)
    return counts
  } finally {
    await pool.close()
  }
}

/**
 * Jobs under way are finished and handed over first, unless Redis is away: a connection that is closed between two tries to connect never tells that it is
 * (BullMQ #4585), and others take those jobs over.
 * @returns whether all connections are closed
 */
async function closeAll(workers: readonly Worker[], running: () => number): Promise<boolean> {
  let closed = false
  const closing = Promise.all(workers.map((worker) => worker.close())).then(() => {
    closed = true
  })
  for (let idle = 0; !closed && idle < PATIENCE; idle = running() > 0 ? 0 : idle + PATIENCE_STEP) {
    await Promise.race([closing, sleep(PATIENCE_STEP)])
  }
  return closed
}

/** Never settles without a signal. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}
