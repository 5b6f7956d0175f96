import { pMapIterable } from 'p-map'
import { OutOfMemoryError } from '../../src/errors.js'
import type { RolloutJob } from '../types.js'
import { RolloutError, WorkerDiedError } from './errors.js'
import type { ModelDescription, ModelOptions, RolloutOutcome, RolloutRunner } from './types.js'
import { WorkerProcess } from './worker-process.js'

/** Does jobs in worker processes, which are started as they are needed and kept until the pool is closed. */
export class WorkerPool implements RolloutRunner {
  private readonly idle: WorkerProcess[] = []
  private readonly alive = new Set<WorkerProcess>()
  private first: Promise<ModelDescription> | undefined
  private closed = false

  constructor(
    private readonly options: ModelOptions & { threads: number },
    private readonly workers: number,
    private readonly maxRows: number,
    private readonly workerEntry?: URL,
  ) {}

  /** The first worker loads alone, so that several do not fetch the same files from the hub at once. */
  model(): Promise<ModelDescription> {
    this.first ??= this.start().then(({ worker, model }) => {
      this.idle.push(worker)
      return model
    })
    return this.first
  }

  async *outcomes(
    jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>,
    signal?: AbortSignal,
  ): AsyncGenerator<RolloutOutcome> {
    const stop = () => void this.close()
    signal?.addEventListener('abort', stop)
    try {
      signal?.throwIfAborted()
      await this.model()
      yield* pMapIterable(jobs, (job) => this.run(job), {
        concurrency: this.workers,
        backpressure: 2 * this.workers,
        preserveOrder: false,
      })
    } catch (error) {
      // Workers that were ended by the signal die like any other.
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all([...this.alive].map((worker) => this.end(worker)))
  }

  /**
   * Does one job; as many at once as there are workers. A worker that dies or runs out of memory may have been out of luck: its job gets one
   * fresh worker.
   */
  async run(job: RolloutJob): Promise<RolloutOutcome> {
    try {
      return await this.runOnce(job)
    } catch (error) {
      if (!isBadLuck(error) || this.closed) throw error
    }
    try {
      const { worker } = await this.start()
      return await this.runOnce(job, worker)
    } catch (error) {
      if (!isBadLuck(error) || this.closed) throw error
      throw new RolloutError(job.promptId, `two processes in turn failed on it; ${error.message}`, { cause: error })
    }
  }

  private async runOnce(job: RolloutJob, fresh?: WorkerProcess): Promise<RolloutOutcome> {
    const worker = fresh ?? this.idle.pop() ?? (await this.start()).worker
    try {
      const outcome = await worker.run(job)
      this.idle.push(worker)
      return outcome
    } catch (error) {
      await this.end(worker)
      throw error
    }
  }

  private async start(): Promise<{ worker: WorkerProcess; model: ModelDescription }> {
    if (this.closed) throw new Error('The worker pool is closed.')
    const worker = new WorkerProcess(this.workerEntry)
    this.alive.add(worker)
    try {
      return { worker, model: await worker.load({ options: this.options, maxRows: this.maxRows }) }
    } catch (error) {
      await this.end(worker)
      throw error
    }
  }

  private async end(worker: WorkerProcess): Promise<void> {
    await worker.stop()
    this.alive.delete(worker)
  }
}

/** Nothing that the job itself need have done. */
function isBadLuck(error: unknown): error is Error {
  // Classes do not survive the way between processes, names do.
  return error instanceof WorkerDiedError || (error as Error).name === OutOfMemoryError.name
}
