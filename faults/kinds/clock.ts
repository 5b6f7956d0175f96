import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectDone } from '../harness/expect.js'
import { collector, expectEqual, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

/** Where Debian, Fedora and Homebrew put it. */
const PLACES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/local/lib']
const library = PLACES.map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1')).find((path) => existsSync(path))
const JUMPS = ['-20y', '-400d', '-1h', '-5s', '+0', '+5s', '+1h', '+400d', '+10y']

/** The wall clock of the collector and its workers jumps every quarter second, back and forth, for all of the run. */
export const clockJumps: Fault = {
  name: 'clock-jumps',
  about: 'the clock jumps back and forth by up to 20 years while the run goes on',
  missing: () => (library === undefined ? 'needs libfaketime (Debian: apt-get install libfaketime)' : undefined),
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round() {
        const root = next()
        const clock = `${root}.clock`
        const jump = () => writeFile(clock, JUMPS[Math.floor(JUMPS.length * random.next())])
        await jump()
        const env = {
          LD_PRELOAD: library!,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: '1',
          // Clocks that measure durations do not jump on any system.
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        }
        const command = collector(root, 1, env)
        const jumping = setInterval(() => void jump(), 250)
        try {
          expectDone(await command.end(), 'a run whose clock jumps')
        } finally {
          clearInterval(jumping)
        }
        await expectEqual(root, reference)
        return 'complete, equal to the undisturbed run'
      },
    }
  },
}
