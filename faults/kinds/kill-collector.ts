import { inspect, isRun } from '../../training/run/index.js'
import { expectGone } from '../harness/edt.js'
import { expect, expectDone } from '../harness/expect.js'
import { collector, expectEqual, finishedSoFar, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** One run after the other, each killed at random moments until it is complete. */
export const killCollector: Fault = {
  name: 'kill-collector',
  about: 'kill -9 of the collector at a random moment',
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    let root = next()
    let before = 0
    return {
      async round() {
        const command = collector(root)
        await command.for(1.1 * reference.duration * random.next())
        const workers = command.workers()
        command.child.kill('SIGKILL')
        const { code, signal, stderr } = await command.end()
        if (signal !== 'SIGKILL') {
          expectDone({ code, signal, stderr, stdout: '' }, 'a run that was not killed in time')
          await expectEqual(root, reference)
          ;[root, before] = [next(), 0]
          return 'complete before the kill, equal to the undisturbed run'
        }
        for (const worker of workers) await expectGone(worker)
        if (!(await isRun(root))) return 'killed before the run had a folder'
        const finished = await finishedSoFar(root)
        expect(finished >= before, `${before} prompts were in the store before the kill and ${finished} after it`)
        before = finished
        const found = await inspect(root)
        expect(found.kind === 'run' && found.status?.process !== 'alive', 'inspect takes the killed process for alive')
        return finished === 0 ? 'killed before the first prompt' : 'killed with whole prompts in the store'
      },
      close: () => resumeAndCompare(root, reference),
    }
  },
}
