import { expect, expectRefused } from '../harness/expect.js'
import { collector, expectEqual, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** Only one of them may write; the other is told who does. In every third round the first is killed in front of the second. */
export const twoCollectors: Fault = {
  name: 'two-collectors',
  about: 'a second collector on the same run, at once or a little later',
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round(index) {
        const root = next()
        const first = collector(root)
        if (index % 3 !== 0) await first.for(reference.duration * random.next())
        const second = collector(root)
        if (index % 3 === 2) {
          await second.for(0.5 * reference.duration * random.next())
          first.signal('SIGKILL')
        }
        const endings = await Promise.all([first.end(), second.end()])
        const done = endings.filter(({ code }) => code === 0).length
        for (const ending of endings) {
          if (ending.code !== 0 && ending.signal !== 'SIGKILL') {
            expectRefused(ending, /is at work in|been at work in|store is in use by/)
          }
        }
        if (done > 0) {
          await expectEqual(root, reference)
          return done === 2 ? 'one after the other' : 'the other one was refused or killed'
        }
        expect(index % 3 === 2, 'two collectors, and neither ended well')
        await resumeAndCompare(root, reference)
        return 'one refused and one killed, resumed'
      },
    }
  },
}
