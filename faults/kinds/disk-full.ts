import { join } from 'node:path'
import { expectRefused } from '../harness/expect.js'
import { cannotMount, SmallDisk } from '../harness/mount.js'
import { collector, expectEqual, finishedSoFar, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

const ENOUGH = 64e6

/** The disk is full at some point between the first file and the last prompt; then it has room again. */
export const diskFull: Fault = {
  name: 'disk-full',
  about: 'the disk of the run runs full, at 16 kB to 4 MB',
  missing: cannotMount,
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round() {
        const disk = await SmallDisk.mount(next(), 16e3 * 250 ** random.next())
        try {
          const root = join(disk.path, 'run')
          const ending = await collector(root).end()
          if (ending.code === 0) {
            await expectEqual(root, reference)
            return 'just enough room'
          }
          expectRefused(ending, /no space left|No space left/)
          disk.grow(ENOUGH)
          const finished = await finishedSoFar(root)
          await resumeAndCompare(root, reference)
          return finished === 0 ? 'refused before the first prompt, resumed' : 'refused between prompts, resumed'
        } finally {
          disk.unmount()
        }
      },
    }
  },
}
