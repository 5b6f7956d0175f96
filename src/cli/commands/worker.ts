import { availableParallelism } from 'node:os'
import { defineCommand } from '../command.js'
import { describeModel, modelFlags } from '../common-flags.js'
import { type Flags, integer } from '../flags.js'
import { count } from '../format.js'
import { queueFlags, requiredQueueUrl } from '../queue-flags.js'

const flags = {
  ...queueFlags,
  ...modelFlags,
  concurrency: integer('Jobs at once, each in a process with the model', {
    min: 1,
    group: 'Model:',
    defaultDescription: 'the cores on a CPU, else 1',
  }),
  threads: integer('Threads inside one step of a model', { min: 1, group: 'Model:', default: 1 }),
  takeover: integer('Seconds after which the jobs of this worker, should it vanish, go to others', {
    min: 2,
    group: 'Many machines:',
    default: 30,
  }),
} satisfies Flags

export const workerCommand = defineCommand({
  command: 'worker',
  describe: 'Take rollout jobs of `edt collect --queue` and do them, on as many machines as you like',
  flags,
  examples: [
    ['edt worker --queue redis://jobs.example:6379', 'With the embedded model, a job for each core, until Ctrl-C'],
    ['edt worker --queue rediss://edt:secret@jobs.example:6380 --model ./my-model --device cuda', 'On a GPU, over TLS'],
  ],
  async run({ settings, output, signal }) {
    const { checkConnection, shownUrl, workQueue } = await import('../../../training/queue/index.js')
    const url = requiredQueueUrl(settings.queue)
    const connection = await checkConnection(url)
    const { model, dtype, device, threads, queueName } = settings
    const concurrency = settings.concurrency ?? (device === 'cpu' ? availableParallelism() : 1)
    const place = `${queueName} at ${shownUrl(url)}`
    let away = false
    const { closed, ...counts } = await workQueue({
      ...{ connection, queue: queueName, concurrency, model, dtype, device, threads, signal },
      takeoverAfter: 1_000 * settings.takeover,
      onEvent: (event) => {
        if (event.type === 'ready') {
          output.say(
            `${describeModel(event.model, model)}, ${count(concurrency, 'job')} at once, waiting for jobs in ${place}`,
          )
        } else if (event.type === 'done') output.say(`${event.promptId} done in ${event.seconds.toFixed(1)} s`)
        else if (event.type === 'refused') output.warn(`${event.promptId} left to others: ${event.reason}`)
        else if (event.type === 'failed') output.warn(`${event.promptId} failed: ${event.reason}`)
        else if (!away) output.warn(`Redis: ${event.note}; waiting for it.`)
        away = event.type === 'redis'
      },
    })
    output.say(
      `Ended: ${count(counts.done, 'job')} done, ${counts.failedTries} failed tries, ${counts.refused} left to others.`,
    )
    output.document(counts)
    if (closed) return
    output.warn('Redis was away in the end; jobs that were not handed over go to other workers.')
    // What is left of the connections would keep the process for ever.
    process.stdout.write('', () => process.exit(0))
  },
})
