import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { openTask } from '../../src/tasks/index.js'
import { type CollectOptions, collect, ROLLOUT_ROWS } from '../../training/collect/index.js'
import { openRunner } from '../../training/collect/runner.js'
import { checkConnection, DEFAULT_QUEUE, QueueRunner } from '../../training/queue/index.js'
import { hasRedis, TestRedis } from '../../training/queue/testing/redis.js'
import type { BenchOptions, Figure } from '../types.js'
import { startWorker } from '../worker-process.js'

/** What one run took, apart from its first prompts. */
interface Throughput {
  promptsPerMinute: number
  /** Of the process that collects: planning, fetching, writing the store. */
  collectorMs: number
}

/** What Redis spent on a prompt, and the most that it held. */
interface RedisCost {
  cpuMs: number
  kilobytes: number
  peakMegabytes: number
}

/** Prompts of a run that are not counted: workers start, and the first of them load the model's code. */
const WARM_UP = 4

/** Issue 7: prompts a minute with one and two workers of a queue, against processes of the collector; what each prompt costs collector and Redis. */
export async function queueFigures({ quick, say }: BenchOptions): Promise<Figure[] | string> {
  if (!hasRedis) return 'redis-server is not installed; EDT_REDIS may name it.'
  const prompts = quick ? 12 : 64
  const folder = await mkdtemp(join(tmpdir(), 'edt-queue-bench-'))
  const task = await openTask('describe')
  let runs = 0
  const measure = async (changes: Partial<CollectOptions>): Promise<Throughput> => {
    const times: { at: number; cpu: number }[] = []
    await collect({
      ...{ model: 'debian-6m', tasks: [task], limits: { train: prompts, validation: 0 } },
      storePath: join(folder, `${runs++}.duckdb`),
      onProgress: () => void times.push({ at: performance.now(), cpu: collectorCpu() }),
      ...changes,
    })
    const [first, last] = [times[WARM_UP], times[times.length - 1]]
    const counted = times.length - 1 - WARM_UP
    return {
      promptsPerMinute: (60_000 * counted) / (last.at - first.at),
      collectorMs: (last.cpu - first.cpu) / counted,
    }
  }
  const figures: Figure[] = []
  try {
    for (const workers of [1, 2]) {
      say(`queue: ${workers} processes of the collector, without a queue`)
      const local = await measure({ workers })
      say(`queue: ${workers} workers`)
      const redis = await TestRedis.start('--save', '')
      const processes = await Promise.all(Array.from({ length: workers }, () => startWorker(redis.url)))
      const connection = await checkConnection(redis.url)
      const describe = async () => {
        const runner = openRunner({ model: 'debian-6m', workers: 1 })
        return runner.model().finally(() => runner.close())
      }
      const runner = new QueueRunner({
        ...{ connection, queue: DEFAULT_QUEUE, maxRows: ROLLOUT_ROWS, tries: 3, describe },
      })
      const queued = await measure({ runner })
      const cost = await costOf(redis, prompts)
      await Promise.all(processes.map((process) => process.stop()))
      await redis.remove()
      figures.push({
        name: `queue, ${workers} worker${workers === 1 ? '' : 's'}`,
        value: queued.promptsPerMinute,
        unit: 'prompts/min',
        baseline: { name: 'without a queue, as many processes', value: local.promptsPerMinute },
        ratio: queued.promptsPerMinute / local.promptsPerMinute,
        notes: [
          `embedded model, default grid (175 samples a prompt), ${prompts} prompts by the clock`,
          `collector ${queued.collectorMs.toFixed(1)} ms of CPU a prompt`,
          `Redis ${cost.cpuMs.toFixed(1)} ms of CPU and ${cost.kilobytes.toFixed(0)} kB of network a prompt, at most ${cost.peakMegabytes.toFixed(1)} MB of memory`,
        ],
      })
    }
    return figures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds of this process so far. */
function collectorCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function costOf(redis: TestRedis, prompts: number): Promise<RedisCost> {
  const client = new Redis(redis.port, '127.0.0.1')
  const text = await client.info()
  client.disconnect()
  const value = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1])
  return {
    cpuMs: (1000 * (value('used_cpu_user') + value('used_cpu_sys'))) / prompts,
    kilobytes: (value('total_net_input_bytes') + value('total_net_output_bytes')) / 1000 / prompts,
    peakMegabytes: value('used_memory_peak') / 1e6,
  }
}
