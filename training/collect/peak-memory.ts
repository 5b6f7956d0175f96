import { readFileSync } from 'node:fs'

/**
 * Highest resident memory of this process so far, in bytes.
 *
 * On Linux the kernel's own high-water mark: the one that getrusage tells starts, in a process that was forked, at what its parent had.
 */
export function peakMemory(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!
    return Number(kilobytes) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
