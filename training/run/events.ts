import { appendFile, open } from 'node:fs/promises'
import { printable } from '../../src/errors.js'
import { readTextBounded } from '../../src/files.js'

/** A line of a run's `events.jsonl`. */
export interface RunEvent extends Record<string, unknown> {
  /** ISO 8601. */
  time: string
  /** `start`; `end`, `stopped` (by the user) or `failed`; or what a step reported. */
  event: string
}

/** What happened in a few words, the way the log tells it. */
export function describeEvent({ time: _time, event, command, seconds, message, ...data }: RunEvent): string {
  const what = [command, event].filter(Boolean).join(' ')
  const when = typeof seconds === 'number' ? ` after ${seconds.toFixed(1)} s` : ''
  const details = Object.keys(data).length > 0 ? ` ${JSON.stringify(data)}` : ''
  return printable(`${what}${when}${typeof message === 'string' ? `: ${message}` : ''}${details}`)
}

/** Adds an event to `events.jsonl`, for programs, and to `log.txt`, for people. */
export async function appendEvent(
  { events, log }: { events: string; log: string },
  event: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  const entry: RunEvent = { time: new Date().toISOString(), event, ...data }
  await appendFile(events, `${JSON.stringify(entry)}\n`)
  await appendFile(log, `${entry.time}  ${describeEvent(entry)}\n`)
}

/** A full disk cuts a line off where it ran full; what a later session writes must not hang on to it. */
export async function endLastLine(path: string): Promise<void> {
  const file = await open(path, 'a+')
  try {
    const { size } = await file.stat()
    if (size === 0) return
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
    if (buffer.toString() !== '\n') await file.write('\n')
  } finally {
    await file.close()
  }
}

/** All events of a run, oldest first; none without the file. Lines that were cut off are left out. */
export async function readEvents(path: string): Promise<RunEvent[]> {
  const text = await readTextBounded(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line)
      return typeof value?.time === 'string' && typeof value.event === 'string' ? [value] : []
    } catch {
      return []
    }
  })
}
