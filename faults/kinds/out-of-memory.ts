import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expectRefused } from '../harness/expect.js'
import { collector, expectEqual, resumeAndCompare, runFolders } from '../harness/reference.js'
import type { Fault } from '../harness/types.js'

function missing(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux, to limit the memory of a process that runs'
  return spawnSync('prlimit', ['--version']).status === 0 ? undefined : 'needs prlimit (util-linux)'
}

/** A worker may take hardly more memory than it has: its next allocations fail, in V8, in ONNX Runtime or in a library. */
export const outOfMemory: Fault = {
  name: 'out-of-memory',
  about: 'a worker at a random moment may take no more than 0 to 8 MB of memory beyond what it has',
  missing,
  async open({ folder, random, reference }) {
    const next = runFolders(folder)
    return {
      async round() {
        const root = next()
        const command = collector(root)
        while (command.workers().length === 0 && command.child.exitCode === null) await command.for(10)
        await command.for(0.8 * reference.duration * random.next())
        const [worker] = command.workers()
        const limited = worker !== undefined && limit(worker, 8e6 * random.next())
        const ending = await command.end()
        if (ending.code === 0) {
          await expectEqual(root, reference)
          return limited ? 'the run went on' : 'no worker at that moment'
        }
        expectRefused(ending, /worker process ended unexpectedly|memory/)
        await resumeAndCompare(root, reference)
        return 'ended with a message, resumed'
      },
    }
  },
}

/** Of the address space. @returns false when the process is gone */
function limit(pid: number, room: number): boolean {
  try {
    const size = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    if (size === null) return false
    return spawnSync('prlimit', [`--pid=${pid}`, `--as=${Math.round(1024 * Number(size[1]) + room)}`]).status === 0
  } catch {
    return false
  }
}
