import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, type RedisOptions } from 'bullmq'
import type { ModelDescription, RolloutOutcome, RolloutRunner } from '../collect/types.js'
import type { RolloutJob } from '../types.js'
import { unpackOutcome } from './codec.js'
import { jobIdOf, type QueuedJob, requirementsOf } from './protocol.js'

export interface QueueRunnerOptions {
  /** See `checkConnection`. */
  connection: RedisOptions
  /** Name of the queue. */
  queue: string
  /** Loads the model once, to know what the workers must have; not used further. */
  describe: () => Promise<ModelDescription>
  maxRows: number
  /** How often a job is tried before it is set aside. */
  tries: number
  /** Told of a job that was set aside, and of lost and returned connections. */
  onNote?: (note: string) => void
  /** Milliseconds between looks for results. @default 200 */
  pollEvery?: number
}

/** Jobs in Redis for each worker, so that none waits, and for none at all. However many jobs a run has, Redis holds no more than these. */
const JOBS_A_WORKER = 3
const LEAST_JOBS = 16
/** A job that failed is tried again after this many ms, then after twice as many, and so on. */
const FIRST_PAUSE = 1_000
/** How often, in looks for results, Redis is asked for its workers, and whether it still has all jobs. */
const TAKE_STOCK_EVERY = 10

const AWAY_GOODBYE = 500

interface UnderWay {
  id: string
  queued: QueuedJob
}

/**
 * Does jobs on other machines: puts them into a queue in Redis that `edt worker` processes take from, and fetches the results. The store stays the
 * only truth: what Redis loses is put in again, what is done twice counts once, and results are removed when they have been written.
 */
export class QueueRunner implements RolloutRunner {
  readonly #queue: Queue<QueuedJob, string>
  #away = false
  #model: Promise<ModelDescription> | undefined

  constructor(private readonly options: QueueRunnerOptions) {
    this.#queue = new Queue(options.queue, { connection: options.connection })
    // ioredis goes on trying meanwhile, and every try that fails is an error: told once for each loss.
    this.#queue.on('error', ({ message }) => {
      if (!this.#away) options.onNote?.(`Redis is away (${message || 'connection lost'}); waiting for it.`)
      this.#away = true
    })
  }

  model(): Promise<ModelDescription> {
    this.#model ??= this.options.describe()
    return this.#model
  }

  /** Who is working for this queue now. */
  async workers(): Promise<number> {
    return this.#queue.getWorkersCount()
  }

  async *outcomes(
    jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>,
    signal?: AbortSignal,
  ): AsyncGenerator<RolloutOutcome> {
    const requires = requirementsOf(await this.model(), this.options.maxRows)
    const underWay = new Map<string, UnderWay>()
    const source = asyncIterator(jobs)
    let [exhausted, room, looks] = [false, LEAST_JOBS, 0]
    while (true) {
      signal?.throwIfAborted()
      if (looks++ % TAKE_STOCK_EVERY === 0) {
        room = LEAST_JOBS + JOBS_A_WORKER * (await untilAborted(this.workers(), signal))
        for (const { id, queued } of underWay.values()) await untilAborted(this.#restore(id, queued), signal)
      }
      while (!exhausted && underWay.size < room) {
        const { done, value: job } = await source.next()
        if (done) exhausted = true
        else {
          const queued: QueuedJob = { job, requires }
          const id = jobIdOf(queued)
          underWay.set(id, { id, queued })
          await untilAborted(this.#plan(id, queued), signal)
        }
      }
      if (underWay.size === 0 && exhausted) return
      let found = false
      for (const { id, queued } of await untilAborted(this.#ended(underWay), signal)) {
        const outcome = await untilAborted(this.#fetch(id, queued), signal)
        if (outcome === undefined) continue
        found = true
        yield outcome
        // Only now is it in the store.
        underWay.delete(id)
        await this.#queue.remove(id)
      }
      if (this.#away) this.options.onNote?.('Redis is back.')
      this.#away = false
      if (!found) await sleep(this.options.pollEvery ?? 200, undefined, { signal }).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    // A Redis that is away keeps every good-bye waiting.
    if (this.#away) await Promise.race([this.#queue.disconnect(), sleep(AWAY_GOODBYE)])
    else await this.#queue.close()
  }

  /** Puts a job in; one that is there from a killed session is left, one that was set aside gets a new start. */
  async #plan(id: string, queued: QueuedJob): Promise<void> {
    const old = await this.#queue.getJob(id)
    if (old !== undefined && (await old.isFailed())) await old.remove()
    await this.#add(id, queued)
  }

  async #add(id: string, queued: QueuedJob): Promise<void> {
    await this.#queue.add('rollouts', queued, {
      jobId: id,
      attempts: this.options.tries,
      backoff: { type: 'exponential', delay: FIRST_PAUSE },
    })
  }

  /** Jobs that are done or given up: two lists of Redis, however many jobs are under way. */
  async #ended(underWay: ReadonlyMap<string, UnderWay>): Promise<UnderWay[]> {
    const ids = await this.#queue.getRanges(['completed', 'failed'])
    return ids.flatMap((id) => underWay.get(id) ?? [])
  }

  /** Puts a job in again when Redis was started anew without its data, or somebody removed it. */
  async #restore(id: string, queued: QueuedJob): Promise<void> {
    if ((await this.#queue.getJobState(id)) === 'unknown') await this.#add(id, queued)
  }

  /** What became of a job that has ended. */
  async #fetch(id: string, queued: QueuedJob): Promise<RolloutOutcome | undefined> {
    const job = await this.#queue.getJob(id)
    if (job === undefined) return undefined
    const { promptId } = queued.job
    if (await job.isCompleted()) return unpackOutcome(job.returnvalue)
    if (!(await job.isFailed())) return undefined
    const failure = {
      reason: job.failedReason ?? 'unknown',
      tries: Math.max(job.attemptsStarted ?? 0, job.attemptsMade),
    }
    this.options.onNote?.(`prompt ${promptId} is set aside after ${failure.tries} tries: ${failure.reason}`)
    return { promptId, failure }
  }
}

/** Name of this machine and process, as it stands in the list of workers. */
export function workerName(): string {
  return `${hostname()}-${process.pid}`
}

function asyncIterator<T>(source: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}

/** Commands wait while Redis is away; who wants to stop need not. @throws the signal's reason when aborted */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
