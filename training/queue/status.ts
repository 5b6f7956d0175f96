import { Queue, type RedisOptions } from 'bullmq'
import { Redis } from 'ioredis'
import { z } from 'zod'

/** How far a run is, as its collector tells it in Redis. */
const progressSchema = z.object({
  run: z.string(),
  done: z.number(),
  total: z.number(),
  /** Prompts a minute since the collector started; 0 while there is none. */
  perMinute: z.number(),
  /** ISO 8601. */
  at: z.string(),
})
export type RunProgress = z.infer<typeof progressSchema>

export interface QueueStatus {
  queue: string
  /** Processes that take jobs now. */
  workers: number
  waiting: number
  active: number
  delayed: number
  /** Results that nobody has fetched yet. */
  finished: number
  /** Jobs set aside. */
  failed: number
  /** Of the run asked for; undefined when no collector has spoken of it for a while. */
  progress?: RunProgress & { minutesLeft?: number }
}

/** A collector that has been silent for so long, in seconds, is gone. */
const SILENT_AFTER = 60

const keyOf = (queue: string, run: string): string => `edt:progress:${queue}:${run}`

/** Writes down in Redis how far a run is. */
export class ProgressTeller {
  readonly #redis: Redis
  readonly #started = Date.now()
  #first: number | undefined
  #told = 0

  constructor(private readonly options: { connection: RedisOptions; queue: string; run: string }) {
    this.#redis = new Redis(options.connection)
    this.#redis.on('error', () => undefined)
  }

  /** At most once a second; a lost connection costs nothing but the news. */
  tell(done: number, total: number): void {
    this.#first ??= done
    const now = Date.now()
    if (now - this.#told < 1_000 && done < total) return
    this.#told = now
    const minutes = (now - this.#started) / 60_000
    const perMinute = minutes > 0 ? (done - this.#first) / minutes : 0
    const { queue, run } = this.options
    const progress: RunProgress = { run, done, total, perMinute, at: new Date(now).toISOString() }
    void this.#redis.set(keyOf(queue, run), JSON.stringify(progress), 'EX', SILENT_AFTER).catch(() => undefined)
  }

  close(): void {
    this.#redis.disconnect()
  }
}

/** What Redis knows of a queue, and of one run in it. */
export async function queueStatus(options: {
  connection: RedisOptions
  queue: string
  run: string
}): Promise<QueueStatus> {
  const { connection, queue: name, run } = options
  const queue = new Queue(name, { connection })
  const redis = new Redis(connection)
  try {
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'completed', 'failed')
    const workers = await queue.getWorkersCount()
    const text = await redis.get(keyOf(name, run))
    const progress = text === null ? undefined : progressSchema.parse(JSON.parse(text))
    const left = progress === undefined ? 0 : progress.total - progress.done
    return {
      ...{ queue: name, workers, waiting: counts.wait, active: counts.active, delayed: counts.delayed },
      ...{ finished: counts.completed, failed: counts.failed },
      ...(progress === undefined
        ? {}
        : { progress: { ...progress, ...(progress.perMinute > 0 ? { minutesLeft: left / progress.perMinute } : {}) } }),
    }
  } finally {
    redis.disconnect()
    await queue.close()
  }
}
