import { UsageError } from './errors.js'
import { type Flags, integer, text } from './flags.js'

const GROUP = 'Many machines:'

/** Where jobs wait for workers. */
export const queueFlags = {
  queue: text('Redis that holds the jobs: redis://[user:password@]host:port, rediss:// for TLS', {
    group: GROUP,
    recorded: false,
    defaultDescription: 'none; EDT_QUEUE',
  }),
  queueName: text('Name of the queue in that Redis', { group: GROUP, recorded: false, default: 'edt-rollouts' }),
} satisfies Flags

export const triesFlag = {
  tries: integer('With --queue: how often a job is tried before it is set aside', {
    min: 1,
    group: GROUP,
    recorded: false,
    default: 3,
  }),
} satisfies Flags

/** The Redis that is meant: the flag, or EDT_QUEUE, which keeps a password out of the list of processes. */
export function queueUrl(flag: string | undefined): string | undefined {
  return flag ?? (process.env.EDT_QUEUE === '' ? undefined : process.env.EDT_QUEUE)
}

/** @throws {UsageError} when there is none */
export function requiredQueueUrl(flag: string | undefined): string {
  const url = queueUrl(flag)
  if (url === undefined)
    throw new UsageError('Say where the queue is: --queue redis://host:6379, or the variable EDT_QUEUE.')
  return url
}
