import { expectGone } from '../harness/edt.js'
import { cannotQueue, QueueSide } from '../harness/queue.js'
import { runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

const WORKERS = 2

/** Half of the kills meet the process that talks to Redis, whose jobs another one takes over, half the one with the model, whose job is tried again. */
export const killQueueWorker: Fault = {
  name: 'queue-kill-worker',
  about: 'kill -9 of an `edt worker`, or of its process with the model, at a random moment',
  missing: cannotQueue,
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    const side = await QueueSide.open(WORKERS)
    return {
      async round() {
        await side.keepWorkers(WORKERS)
        const root = next()
        const command = side.collector(root)
        await command.until('Collecting')
        await command.for(0.5 * reference.duration * random.next())
        const worker = side.workers[Math.floor(WORKERS * random.next())]
        const [model] = worker.workers()
        const meetsModel = random.next() < 0.5 && model !== undefined
        const early = command.child.exitCode !== null
        if (meetsModel) process.kill(model, 'SIGKILL')
        else {
          worker.child.kill('SIGKILL')
          if (model !== undefined) await expectGone(model)
        }
        const sessions = await side.finish(root, reference, command)
        if (early) return 'complete before the kill'
        const what = meetsModel ? 'process with the model killed' : 'worker killed'
        return sessions === 1
          ? `${what}, the run went on`
          : `${what}, a prompt was set aside and done in the next session`
      },
      close: () => side.close(),
    }
  },
}
