import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, type RedisOptions } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../src/tasks/index.js'
import { type CollectOptions, collect } from '../collect/collect.js'
import { openStore, storeDigest } from '../store/index.js'
import { packOutcome, unpackOutcome } from './codec.js'
import { checkConnection, QueueRunner, queueStatus, type WorkerEvent, workQueue } from './index.js'
import { markovPool, type TestPool } from './testing/pool.js'
import { hasRedis, redisNote, TestRedis } from './testing/redis.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-queue-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function task(name: string, count: number): Task {
  return {
    definition: { name, description: '', template: '', metric: 'rougeL', tokenize: '13a', maxNewTokens: 6, stop: [] },
    path: folder,
    hasSplit: () => true,
    examples: async (_, limit = count) =>
      Array.from({ length: Math.min(limit, count) }, (_, i) => ({
        id: `${i}`,
        // The third is too long for the model.
        prompt: i === 2 ? Array(70).fill('cat').join(' ') : `${name} the old cat ${i}`,
        promptWithoutSource: name,
        references: ['the red dog runs', 'the cat sleeps'].slice(i % 2),
      })),
  }
}

const run = (name: string, prompts = 20): CollectOptions => ({
  model: 'markov',
  workerEntry: new URL('../collect/testing/markov-worker.ts', import.meta.url),
  workers: 1,
  tasks: [task('answer', prompts)],
  limits: { train: prompts, validation: 0 },
  grid: { t0: [0.5, 1.5], theta: [0, 2] },
  samples: 3,
  storePath: join(folder, name, 'store.duckdb'),
})

async function digestOf(storePath: string): Promise<string> {
  const store = await openStore(storePath, { readOnly: true })
  try {
    return await storeDigest(store)
  } finally {
    await store.close()
  }
}

describe('an outcome on its way through Redis', () => {
  it('comes back as it was, to the last bit', async () => {
    const values = Float32Array.from([0.1, -0, 1e-40, Number.NaN, 3.4e38])
    const result = { promptId: 'ü', promptTokenCount: 1, rollouts: [], qualitySignature: 'q', selfBleuSignature: 's' }
    const outcome = { promptId: 'ü', result: { ...result, features: { version: 2, names: ['a'], values } } }
    const back = unpackOutcome(packOutcome(outcome))
    expect(back).toEqual(outcome)
    expect(new Uint8Array(back.result!.features!.values.buffer)).toEqual(new Uint8Array(values.buffer))
  })
})

describe.skipIf(!hasRedis)(`rollouts over a queue${redisNote}`, () => {
  let redis: TestRedis
  let local: string
  beforeAll(async () => {
    redis = await TestRedis.start('--save', '', '--appendonly', 'no')
    const options = run('local')
    await collect(options)
    local = await digestOf(options.storePath)
  })
  afterAll(() => redis.remove())

  /** Collects over a queue of its own with these workers, each of one process. */
  async function collectOver(
    name: string,
    pools: readonly TestPool[],
    {
      during,
      ...changes
    }: { during?: (connection: RedisOptions) => Promise<void>; prompts?: number; tries?: number } = {},
  ) {
    const connection = await checkConnection(redis.url)
    const [stop, events, notes] = [new AbortController(), [] as WorkerEvent[], [] as string[]]
    const work = pools.map((pool) =>
      workQueue({
        ...{ model: 'markov', connection, queue: name, concurrency: 1, pool, signal: stop.signal },
        onEvent: (event) => events.push(event),
      }),
    )
    const options = run(name, changes.prompts)
    const runner = new QueueRunner({
      ...{ connection, queue: name, maxRows: 256, tries: changes.tries ?? 3, pollEvery: 20 },
      describe: () => markovPool().model(),
      onNote: (note) => notes.push(note),
    })
    const [result] = await Promise.all([collect({ ...options, runner }), during?.(connection)])
    stop.abort()
    await Promise.all(work)
    return { result, events, notes, digest: await digestOf(options.storePath), connection }
  }

  it.each([1, 2, 5])('give the same store with %i workers as on this machine, row for row', async (count) => {
    const pools = Array.from({ length: count }, () => markovPool())
    const { result, digest, connection } = await collectOver(`workers-${count}`, pools)
    expect(digest).toBe(local)
    expect(result).toMatchObject({ total: 20, finished: 19, skipped: ['answer/train/2'], failed: [] })
    expect(pools.flatMap(({ done }) => done)).toHaveLength(20)
    const status = await queueStatus({ connection, queue: `workers-${count}`, run: 'x' })
    // Nothing is left behind in Redis.
    expect(status).toMatchObject({ waiting: 0, active: 0, delayed: 0, finished: 0, failed: 0 })
  })

  it('try a failing job again, set it aside in the end, and take it up in the next session', async () => {
    let [poisoned, failures] = [true, 0]
    const pool = markovPool(({ promptId }) => {
      if (!poisoned || promptId !== 'answer/train/5') return
      failures++
      throw new Error('out of luck')
    })
    const { result, notes } = await collectOver('poison', [pool], { tries: 2 })
    expect(failures).toBe(2)
    expect(result.failed).toEqual([{ promptId: 'answer/train/5', reason: 'out of luck', tries: 2 }])
    expect(result.finished).toBe(18)
    expect(notes).toEqual(['prompt answer/train/5 is set aside after 2 tries: out of luck'])
    poisoned = false
    const again = await collectOver('poison', [pool])
    expect(again.result.failed).toEqual([])
    expect(again.digest).toBe(local)
  })

  it('leave a job to others when the weights are not those asked for, without counting it as a failure', async () => {
    const other = markovPool(undefined, { weightsHash: 'other' })
    const connection = await checkConnection(redis.url)
    const [stop, events] = [new AbortController(), [] as WorkerEvent[]]
    const onEvent = (event: WorkerEvent) => void events.push(event)
    const shared = { model: 'markov', connection, queue: 'refused', concurrency: 1, signal: stop.signal, onEvent }
    const work = workQueue({ ...shared, pool: other })
    const runner = new QueueRunner({
      ...{ connection, queue: 'refused', maxRows: 256, tries: 1, pollEvery: 20 },
      describe: async () => ({ ...(await markovPool().model()), weightsHash: 'wanted' }),
    })
    const collecting = collect({ ...run('refused', 4), runner })
    await until(() => events.some(({ type }) => type === 'refused'))
    const right = markovPool(undefined, { weightsHash: 'wanted' })
    const rightWork = workQueue({ ...shared, pool: right })
    const result = await collecting
    stop.abort()
    await Promise.all([work, rightWork])
    expect(other.done).toEqual([])
    expect(result).toMatchObject({ finished: 3, failed: [] })
    expect(events).toContainEqual({
      type: 'refused',
      promptId: expect.any(String),
      reason: 'the job wants weights hash wanted, but this worker has other',
    })
  })

  it('plan anew what Redis lost when it was started again without its data', async () => {
    const slow = markovPool(() => sleep(30))
    const { result, digest, notes } = await collectOver('lost', [slow], {
      during: async () => {
        await until(() => slow.done.length >= 4)
        await redis.kill()
        // Long enough that tries to connect fail.
        await sleep(500)
        await redis.up()
      },
    })
    expect(result.failed).toEqual([])
    expect(digest).toBe(local)
    expect(notes[0]).toMatch(/^Redis is away .*; waiting for it\.$/)
    expect(notes).toContain('Redis is back.')
  })

  it('hold a bounded number of jobs in Redis, however many there are', async () => {
    const connection = await checkConnection(redis.url)
    const client = new Redis(connection)
    let most = 0
    const pool = markovPool(async () => {
      most = Math.max(most, (await client.keys('bull:many:job-*')).length)
    })
    const { result } = await collectOver('many', [pool], { prompts: 100 })
    client.disconnect()
    expect(result.finished).toBe(99)
    expect(most).toBeGreaterThan(5)
    // 16, 3 for the worker, and the locks of jobs under way.
    expect(most).toBeLessThan(30)
  })

  it('go on after the collector was stopped: jobs done meanwhile are not done again', async () => {
    const connection = await checkConnection(redis.url)
    const options = { connection, queue: 'stopped', maxRows: 256, tries: 3, pollEvery: 20 }
    const stop = new AbortController()
    const collecting = collect({
      ...run('stopped'),
      runner: new QueueRunner({ ...options, describe: () => markovPool().model() }),
      signal: stop.signal,
    })
    const queue = new Queue('stopped', { connection })
    await until(async () => (await queue.getJobCountByTypes('wait')) === 16)
    stop.abort(new Error('enough'))
    await expect(collecting).rejects.toThrow('enough')
    await queue.close()
    const pool = markovPool()
    const { digest } = await collectOver('stopped', [pool])
    expect(digest).toBe(local)
    expect(pool.done).toHaveLength(20)
  })
})

describe.skipIf(!hasRedis)(`a Redis that goes away for good${redisNote}`, () => {
  it('does not keep a collector from being stopped', async () => {
    const redis = await TestRedis.start('--save', '')
    const connection = await checkConnection(redis.url)
    const stop = new AbortController()
    const notes: string[] = []
    const runner = new QueueRunner({
      ...{ connection, queue: 'gone', maxRows: 256, tries: 3, pollEvery: 20 },
      describe: () => markovPool().model(),
      onNote: (note) => notes.push(note),
    })
    const collecting = collect({ ...run('gone'), runner, signal: stop.signal })
    const queue = new Queue('gone', { connection })
    queue.on('error', () => undefined)
    await until(async () => (await queue.getJobCountByTypes('wait')) === 16)
    await queue.disconnect()
    await redis.kill()
    await until(() => notes.length > 0)
    stop.abort(new Error('enough'))
    await expect(collecting).rejects.toThrow('enough')
    await redis.remove()
  })
})

describe.skipIf(!hasRedis)(`a worker that is told to stop while Redis is away${redisNote}`, () => {
  it('ends', async () => {
    const redis = await TestRedis.start('--save', '')
    const connection = await checkConnection(redis.url)
    const [stop, events] = [new AbortController(), [] as WorkerEvent[]]
    const work = workQueue({
      ...{ model: 'markov', connection, queue: 'away', concurrency: 1, pool: markovPool(), signal: stop.signal },
      onEvent: (event) => events.push(event),
    })
    await until(() => events.some(({ type }) => type === 'ready'))
    await redis.kill()
    await until(() => events.some(({ type }) => type === 'redis'))
    stop.abort()
    await expect(work).resolves.toEqual({ done: 0, failedTries: 0, refused: 0, closed: false })
    await redis.remove()
  })
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let wait = 0; wait < 500; wait++) {
    if (await condition()) return
    await sleep(20)
  }
  throw new Error('waited in vain')
}
