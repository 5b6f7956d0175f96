import { join } from 'node:path'
import { runEdtHere } from '../harness/edt.js'
import { expectDone, expectRefused } from '../harness/expect.js'
import { cannotMount, SmallDisk } from '../harness/mount.js'
import { collector, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** A folder that cannot be written can still be inspected. */
export const readOnlyFolder: Fault = {
  name: 'read-only',
  about: 'a half-collected run, or a new one, in a folder that cannot be written',
  missing: cannotMount,
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round(index) {
        const disk = await SmallDisk.mount(next(), 64e6)
        try {
          const root = join(disk.path, 'run')
          if (index % 2 === 0) {
            disk.protect(true)
            expectRefused(await collector(root).end(), /read-only/i)
            return 'new run refused'
          }
          const killed = collector(root)
          await killed.until('samples/s')
          await killed.for(0.3 * reference.duration * random.next())
          killed.signal('SIGKILL')
          await killed.end()
          disk.protect(true)
          expectRefused(await collector(root).end(), /read-only/i)
          expectDone(await runEdtHere(['inspect', root]), 'edt inspect in a folder that cannot be written')
          disk.protect(false)
          await resumeAndCompare(root, reference)
          return 'half a run refused, inspected, resumed when it could be written again'
        } finally {
          disk.unmount()
        }
      },
    }
  },
}
