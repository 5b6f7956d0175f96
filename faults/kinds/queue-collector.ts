import { expect, expectDone } from '../harness/expect.js'
import { cannotQueue, QueueSide } from '../harness/queue.js'
import { expectEqual, finishedSoFar, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** One run after the other, each killed at random moments until it is complete; its jobs go on meanwhile. */
export const killQueueCollector: Fault = {
  name: 'queue-kill-collector',
  about: 'kill -9 of `edt collect --queue` at a random moment, started again',
  missing: cannotQueue,
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    const side = await QueueSide.open(1)
    let root = next()
    let before = 0
    return {
      async round() {
        const command = side.collector(root)
        await command.for(1.1 * reference.duration * random.next())
        command.child.kill('SIGKILL')
        const ending = await command.end()
        if (ending.signal !== 'SIGKILL') {
          expectDone(ending, 'a run that was not killed in time')
          await expectEqual(root, reference)
          ;[root, before] = [next(), 0]
          return 'complete before the kill, equal to the undisturbed run'
        }
        const finished = await finishedSoFar(root)
        expect(finished >= before, `${before} prompts were in the store before the kill and ${finished} after it`)
        before = finished
        return finished === 0 ? 'killed before the first prompt' : 'killed with whole prompts in the store'
      },
      async close() {
        await side.finish(root, reference)
        await side.close()
      },
    }
  },
}
