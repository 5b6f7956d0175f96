import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import type { CollectProgress, RolloutRunner, RunnerOptions } from '../../training/collect/index.js'
import type { QueueStatus } from '../../training/queue/index.js'
import { count, duration, significant } from './format.js'
import type { Output } from './output.js'
import { requiredQueueUrl } from './queue-flags.js'

interface QueueSettings {
  queue?: string
  queueName: string
  tries: number
}

/** The queue as a collector sees it: who does its jobs, and who is told how far it is. */
export interface QueueSide {
  runner: RolloutRunner
  tell(progress: CollectProgress): void
  close(): void
}

/** Connects to the queue; the model is loaded once on this machine, to know what the workers must have. */
export async function openQueueSide(
  url: string,
  { queueName, tries }: QueueSettings,
  { model, root, output }: { model: RunnerOptions; root: string; output: Output },
): Promise<QueueSide> {
  const { checkConnection, ProgressTeller, QueueRunner, shownUrl } = await import('../../training/queue/index.js')
  const { openRunner, ROLLOUT_ROWS } = await import('../../training/collect/index.js')
  const connection = await checkConnection(url)
  const teller = new ProgressTeller({ connection, queue: queueName, run: runName(root) })
  const describe = async () => {
    const runner = openRunner({ ...model, workers: 1 })
    try {
      return await runner.model()
    } finally {
      await runner.close()
    }
  }
  const runner = new QueueRunner({
    ...{ connection, queue: queueName, maxRows: ROLLOUT_ROWS, tries, describe },
    onNote: (note) => output.warn(note),
  })
  const workers = await runner.workers()
  const command = `edt worker --queue … --model ${model.model}`
  output.say(
    workers === 0
      ? `Nobody takes jobs from ${queueName} at ${shownUrl(url)} yet; start \`${command}\` on as many machines as you like.`
      : `${count(workers, 'worker')} at ${queueName} of ${shownUrl(url)}`,
  )
  return { runner, tell: ({ done, total }) => teller.tell(done, total), close: () => teller.close() }
}

/** What a run is called in Redis: folders of one name in other places are other runs. */
function runName(root: string): string {
  const place = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 8)
  return `${basename(root)}-${place}`
}

/** `edt collect --status`: how a run in a queue is doing. */
export async function queueStatusOf(settings: QueueSettings, root: string): Promise<QueueStatus> {
  const { checkConnection, queueStatus } = await import('../../training/queue/index.js')
  const connection = await checkConnection(requiredQueueUrl(settings.queue))
  return queueStatus({ connection, queue: settings.queueName, run: runName(root) })
}

export function printQueueStatus(status: QueueStatus, root: string, output: Output): void {
  const { queue, workers, waiting, active, delayed, finished, failed, progress } = status
  output.print(
    `${queue}: ${count(workers, 'worker')}, ${count(active, 'job')} under way, ${waiting} waiting, ${delayed} delayed`,
  )
  if (finished > 0) output.print(`${count(finished, 'result')} not fetched yet`)
  if (failed > 0) output.print(`${count(failed, 'job')} set aside; \`edt inspect ${root}\` lists those of this run`)
  if (progress === undefined) {
    output.print(`No collector of ${root} is at work. Go on with: edt collect --queue … --out ${root}`)
    return
  }
  const { done, total, perMinute, minutesLeft } = progress
  const rate = perMinute > 0 ? `, ${significant(perMinute, 3)} prompts/min` : ''
  const left = minutesLeft === undefined ? '' : `, ${duration(minutesLeft * 60)} left`
  output.print(`${done} of ${total} prompts${rate}${left}`)
}
