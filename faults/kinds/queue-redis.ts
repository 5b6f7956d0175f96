import { cannotQueue, QueueSide } from '../harness/queue.js'
import { runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** Longest time that Redis is away, in ms: long enough for collector and workers to notice, several times over. */
const LONGEST_AWAY = 4_000

function killRedis(name: string, about: string, flags: readonly string[]): Fault {
  return {
    name,
    about,
    missing: cannotQueue,
    async open({ folder, random, reference }) {
      const next = runFolders(folder)
      const side = await QueueSide.open(2, ...flags)
      return {
        async round() {
          await side.keepWorkers(2)
          const root = next()
          const command = side.collector(root)
          await command.until('Collecting')
          await command.for(0.5 * reference.duration * random.next())
          const early = command.child.exitCode !== null
          await side.redis.kill()
          await command.for(LONGEST_AWAY * random.next())
          await side.redis.up()
          const sessions = await side.finish(root, reference, command)
          if (early) return 'complete before the kill'
          return sessions === 1 ? 'the run went on' : 'ended with a message, done by the next session'
        },
        close: () => side.close(),
      }
    },
  }
}

export const killRedisWithoutPersistence = killRedis(
  'queue-kill-redis',
  'kill -9 of a Redis without persistence at a random moment, up again, empty, after 0 to 4 seconds',
  ['--save', '', '--appendonly', 'no'],
)

export const killPersistentRedis = killRedis(
  'queue-kill-redis-aof',
  'kill -9 of a Redis with an append-only file at a random moment, up again after 0 to 4 seconds',
  ['--appendonly', 'yes', '--appendfsync', 'everysec'],
)
