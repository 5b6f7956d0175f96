import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EDT_COMMAND } from '../../src/cli/testing/run-edt.js'
import { UnexpectedError } from './types.js'

/** Longest time of a command, in ms; what takes longer hangs. Generous, because the machine may be busy. */
const DEADLINE = 240_000

export interface Ending {
  /** Null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A running `edt` command, in a process group of its own as a shell would give it. */
export class Edt {
  stderr = ''
  private stdout = ''
  readonly child: ChildProcess
  private readonly ending: Promise<Ending>

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(EDT_COMMAND[0], [...EDT_COMMAND.slice(1), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.ending = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr })
      })
    })
  }

  /** @throws {UnexpectedError} when it hangs */
  async end(): Promise<Ending> {
    const timer = new AbortController()
    const late = sleep(DEADLINE, undefined, { signal: timer.signal }).catch(() => undefined)
    const ending = await Promise.race([this.ending, late])
    timer.abort()
    if (ending !== undefined) return ending
    this.signal('SIGKILL')
    throw new UnexpectedError(`the command hangs; it had said: ${this.stderr}`)
  }

  /** Waits, or until the command has ended. */
  async for(ms: number): Promise<void> {
    await Promise.race([sleep(ms), this.ending])
  }

  /** Waits until its messages hold the text, or it has ended. */
  async until(text: string): Promise<void> {
    let over = false
    void this.ending.then(() => {
      over = true
    })
    while (!over && !this.stderr.includes(text)) await sleep(20)
  }

  /** To the command and everything that it started, like a terminal's Ctrl-C. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid!, signal)
    } catch {
      // It is gone already.
    }
  }

  /** Process ids of its workers; none where the system has no /proc. */
  workers(): number[] {
    const file = `/proc/${this.child.pid}/task/${this.child.pid}/children`
    return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : []
  }
}

/** Runs a command to its end. */
export function runEdtHere(args: readonly string[], env?: Record<string, string>): Promise<Ending> {
  return new Edt(args, env).end()
}

/** A worker that is still starting notices the end of its collector when it has started. @throws {UnexpectedError} unless it is gone within a minute */
export async function expectGone(pid: number): Promise<void> {
  for (let wait = 0; wait < 1200; wait++) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(50)
  }
  throw new UnexpectedError(`worker ${pid} outlived its collector by a minute`)
}
