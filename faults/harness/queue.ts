import { queueStatus, redisOptions } from '../../training/queue/index.js'
import { hasRedis, TestRedis } from '../../training/queue/testing/redis.js'
import { Edt } from './edt.js'
import { expect, expectDone } from './expect.js'
import { collectArguments, expectEqual, type Reference } from './reference.js'

/** Why there is no queue here; undefined when there is one. */
export function cannotQueue(): string | undefined {
  return hasRedis ? undefined : 'needs redis-server (or EDT_REDIS, which names it)'
}

/** Seconds after which the jobs of a vanished worker go to others: long enough for a busy machine, and shorter than the default, for the suite's sake. */
const TAKEOVER = '5'

const isAlive = ({ child }: Edt): boolean => child.exitCode === null && child.signalCode === null

/** A Redis and `edt worker` processes that outlive the rounds of a session. */
export class QueueSide {
  readonly workers: Edt[] = []

  private constructor(readonly redis: TestRedis) {}

  /** @param flags of Redis */
  static async open(workers: number, ...flags: string[]): Promise<QueueSide> {
    const side = new QueueSide(await TestRedis.start(...flags))
    await side.keepWorkers(workers)
    return side
  }

  /** Replaces workers that are gone, and waits until all of them take jobs. */
  async keepWorkers(count: number): Promise<void> {
    const alive = this.workers.filter(isAlive)
    this.workers.splice(0, this.workers.length, ...alive)
    while (this.workers.length < count) this.workers.push(new Edt(['worker', ...this.#flags, '--takeover', TAKEOVER]))
    for (const worker of this.workers) {
      await worker.until('waiting for jobs')
      expect(worker.child.exitCode === null, `a worker ended by itself: ${worker.stderr}`)
    }
  }

  /** Starts a collector that has the queue's workers do the run. */
  collector(root: string): Edt {
    return new Edt([...collectArguments(root), '--queue', this.redis.url])
  }

  /**
   * Runs the collector until it meets a Redis and no prompt is set aside, at most three times, and compares the store.
   * @returns how many sessions it took
   */
  async finish(root: string, reference: Reference, running?: Edt): Promise<number> {
    for (let session = 1; ; session++) {
      const command = session === 1 && running !== undefined ? running : this.collector(root)
      const ending = await command.end()
      if (session < 3 && /set aside|no Redis answers there/.test(`${ending.stdout}${ending.stderr}`)) continue
      expectDone(ending, `session ${session} over the queue`)
      await expectEqual(root, reference)
      await this.#expectNothingLeft()
      return session
    }
  }

  async close(): Promise<void> {
    const alive = this.workers.filter(isAlive)
    for (const worker of alive) worker.signal('SIGINT')
    const endings = await Promise.all(alive.map((worker) => worker.end()))
    await this.redis.remove()
    for (const ending of endings) expectDone(ending, 'a worker that was stopped')
  }

  get #flags(): string[] {
    return ['--queue', this.redis.url, '--concurrency', '1']
  }

  async #expectNothingLeft(): Promise<void> {
    const connection = { ...redisOptions(this.redis.url), maxRetriesPerRequest: null }
    const { waiting, active, delayed, failed } = await queueStatus({ connection, queue: 'edt-rollouts', run: '' })
    const left = waiting + active + delayed + failed
    expect(left === 0, `jobs were left in Redis: ${JSON.stringify({ waiting, active, delayed, failed })}`)
  }
}
