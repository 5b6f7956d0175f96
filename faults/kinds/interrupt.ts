import { expect } from '../harness/expect.js'
import { collector, expectEqual, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** Ctrl-C as a terminal sends it: to the collector and all its workers. */
export const interrupt: Fault = {
  name: 'interrupt',
  about:
    'SIGINT to all processes of the run at a random moment; in every other round a second one up to half a second later',
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round(index) {
        const root = next()
        const twice = index % 2 === 1
        const command = collector(root, 1 + (index % 3))
        await command.for(reference.duration * random.next())
        command.signal('SIGINT')
        if (twice) {
          await command.for(500 * random.next())
          command.signal('SIGINT')
        }
        const ending = await command.end()
        if (ending.code === 0) {
          await expectEqual(root, reference)
          return 'complete before the signal'
        }
        // A process that is still starting dies of it as every program does.
        const early = ending.signal === 'SIGINT' && ending.stderr === ''
        // It may meet a process that has told all and is on its way out; a shell says 130 of that, too.
        const complete = ending.stderr.includes('\nNext: edt fit')
        const told = complete || (twice && ending.stderr.includes('Stopped by the user.'))
        const late = told && ending.signal === 'SIGINT'
        expect(
          early || late || ending.code === 130,
          `expected exit code 130, got ${ending.code ?? ending.signal}: ${ending.stderr}`,
        )
        if (!early && !complete && !twice) {
          expect(ending.stderr.includes('Stopped by the user.'), `no word of the stop: ${ending.stderr}`)
          expect(ending.stderr.includes(`go on with: edt collect --out ${root}`), `no way on: ${ending.stderr}`)
        }
        await resumeAndCompare(root, reference)
        if (complete) return 'complete before the signal'
        return `${early ? 'ended while it started' : twice ? 'ended at once' : 'ended in order'}, resumed`
      },
    }
  },
}
