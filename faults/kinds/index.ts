import type { Fault } from '../harness/types.js'
import { clockJumps } from './clock.js'
import { damagedCheckpoint, damagedStore } from './damage.js'
import { diskFull } from './disk-full.js'
import { interrupt } from './interrupt.js'
import { killCollector } from './kill-collector.js'
import { killWorker } from './kill-worker.js'
import { outOfMemory } from './out-of-memory.js'
import { killQueueCollector } from './queue-collector.js'
import { killPersistentRedis, killRedisWithoutPersistence } from './queue-redis.js'
import { killQueueWorker } from './queue-worker.js'
import { readOnlyFolder } from './read-only.js'
import { twoCollectors } from './two-collectors.js'

/** Every kind of fault; a new one is a file and a line here. */
export const faults: readonly Fault[] = [
  ...[killCollector, killWorker, interrupt, twoCollectors, diskFull, readOnlyFolder, outOfMemory, clockJumps],
  ...[killQueueWorker, killQueueCollector, killRedisWithoutPersistence, killPersistentRedis],
  ...[damagedStore, damagedCheckpoint],
]
