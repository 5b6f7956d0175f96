import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { RunBusyError } from './errors.js'
import { writeWhole } from './write-whole.js'

const progressSchema = z.object({
  /** What is being done, e.g. `collect`. */
  step: z.string(),
  done: z.number(),
  total: z.number(),
  secondsLeft: z.number().optional(),
})

/** How fast a session drew, and with what: the next one like it need not measure. */
const rateSchema = z.object({
  samplesPerSecond: z.number().positive(),
  /** Prompts that it was measured on. */
  prompts: z.int().positive(),
  model: z.string(),
  host: z.string(),
  workers: z.int().optional(),
})

const statusSchema = z.object({
  state: z.enum(['running', 'finished', 'failed', 'interrupted']),
  command: z.string(),
  pid: z.int().positive(),
  host: z.string(),
  /** When the kernel started the process, in its own ticks: tells it from a later one of the same number. Linux alone. */
  startTicks: z.string().optional(),
  /** ISO 8601, as are all times here. */
  started: z.string(),
  updated: z.string(),
  ended: z.string().optional(),
  /** Why it failed. */
  message: z.string().optional(),
  progress: progressSchema.optional(),
  rate: rateSchema.optional(),
})

/** A run's `status.json`: what was last heard of the command that worked in it last. */
export type RunStatus = z.infer<typeof statusSchema>
export type StatusProgress = z.infer<typeof progressSchema>
export type SessionRate = z.infer<typeof rateSchema>

/** A run that says `running` may have been killed, which its process could not write down. */
export type Liveness = 'alive' | 'dead' | 'on another machine'

/** At most one write in this time, in ms. */
const WRITE_EVERY = 2000

/** The status of a run; undefined when there is none, or none that can be read: it only informs. */
export async function readStatus(path: string): Promise<RunStatus | undefined> {
  try {
    return statusSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

/** Is the process that wrote this status still there? */
export function liveness({ pid, host, startTicks }: RunStatus): Liveness {
  if (host !== hostname()) return 'on another machine'
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, but another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead'
  }
  const ticks = startTicksOf(pid)
  return startTicks !== undefined && ticks !== undefined && ticks !== startTicks ? 'dead' : 'alive'
}

/** @throws {RunBusyError} when another process is at work in the run */
export function refuseBusy(root: string, status: RunStatus | undefined): void {
  if (status?.state !== 'running' || status.pid === process.pid) return
  if (liveness(status) === 'alive') throw new RunBusyError(root, status.command, status.pid, status.started)
}

/** Writes `status.json` while a command works. */
export class StatusWriter {
  #status: RunStatus
  #last: Promise<unknown> = Promise.resolve()
  #written = performance.now()

  constructor(
    private readonly path: string,
    command: string,
    rate?: SessionRate,
  ) {
    const [pid, now] = [process.pid, new Date().toISOString()]
    const startTicks = startTicksOf(pid)
    this.#status = { state: 'running', command, pid, host: hostname(), startTicks, started: now, updated: now, rate }
  }

  get rate(): SessionRate | undefined {
    return this.#status.rate
  }

  /** @throws when the folder cannot be written */
  begin(): Promise<void> {
    return writeWhole(this.path, this.#status)
  }

  /** Takes down how far the work is, every two seconds. A disk that refuses ends no work: the step itself will find out. */
  progress(progress: StatusProgress, rate = this.#status.rate): void {
    this.#status = { ...this.#status, progress, rate, updated: new Date().toISOString() }
    if (performance.now() - this.#written < WRITE_EVERY) return
    this.#written = performance.now()
    this.#last = this.#last.then(() => writeWhole(this.path, this.#status)).catch(() => undefined)
  }

  /** @throws when the folder cannot be written */
  async end(state: Exclude<RunStatus['state'], 'running'>, message?: string): Promise<void> {
    await this.#last
    const ended = new Date().toISOString()
    await writeWhole(this.path, { ...this.#status, state, ended, updated: ended, message })
  }
}

/** Field 22 of /proc/PID/stat, counted from behind the name, which may hold anything. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
