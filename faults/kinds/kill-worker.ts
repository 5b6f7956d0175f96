import { expect, expectRefused } from '../harness/expect.js'
import { collector, expectEqual, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** A worker that dies once is replaced; one that dies twice with the same prompt, or while it loads, ends the run with a message. */
export const killWorker: Fault = {
  name: 'kill-worker',
  about: 'kill -9 of a worker process of the collector at a random moment',
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round() {
        const root = next()
        const command = collector(root, 1 + Math.floor(2 * random.next()))
        let killed = 0
        const wanted = 1 + Math.floor(2 * random.next())
        while (killed < wanted && command.child.exitCode === null) {
          await command.for(0.8 * reference.duration * random.next())
          const workers = command.workers()
          if (workers.length === 0) continue
          try {
            process.kill(workers[Math.floor(workers.length * random.next())], 'SIGKILL')
            killed++
          } catch {
            // It ended in this moment.
          }
        }
        const ending = await command.end()
        if (ending.code === 0) {
          await expectEqual(root, reference)
          return killed === 0 ? 'complete before the kill' : 'the run went on with a fresh worker'
        }
        expect(killed > 0, `the run ended by itself: ${ending.stderr}`)
        expectRefused(ending, /worker process ended unexpectedly \(signal SIGKILL\)/)
        await resumeAndCompare(root, reference)
        return 'ended with a message, resumed'
      },
    }
  },
}
