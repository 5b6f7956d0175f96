import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { besideModule, forkModule, fromPlainError } from '../src/process/index.js'
import type { ServerOptions } from '../src/server/index.js'
import type { LoopDelays } from './loop-watch.js'
import type { FromServer, ServerHealth, ToServer } from './protocol.js'

/** Resident memory of both processes and heap of the first in bytes, and the delays of its event loop in milliseconds. */
export interface Reading {
  /** Since the load began. */
  seconds: number
  serverRss: number
  serverHeap: number
  modelRss: number
  loop: LoopDelays
}

export interface WatchedServer {
  url: string
  /** Starts the clock, and forgets the delays of the start. */
  watch(): Promise<void>
  read(): Promise<Reading>
  /** Bytes of the HTTP process's heap after a full collection of garbage. */
  liveHeap(): Promise<number>
  /** Closes the server in order. @returns its exit code, or the signal that ended it */
  close(): Promise<number | string>
}

/** Starts the server in a process of its own. @throws what starting it throws there */
export async function startWatchedServer(options: ServerOptions): Promise<WatchedServer> {
  const child = forkModule(besideModule(import.meta.url, 'server-process'))
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  const died = exited.then(([code, signal]): never => {
    throw new Error(`the server's process ended (${signal ?? `exit code ${code}`})`)
  })
  died.catch(() => undefined)
  let last: Promise<unknown> = Promise.resolve()

  /** One question at a time, so that an answer belongs to the question before it. */
  const ask = <Type extends FromServer['type']>(message: ToServer, type: Type) => {
    const asked = last.then(async () => {
      child.send(message)
      const [told]: [FromServer] = (await Promise.race([once(child, 'message'), died])) as [FromServer]
      if (told.type === 'failed') throw fromPlainError(told.error)
      if (told.type !== type) throw new Error(`unexpected message ${told.type}`)
      return told as Extract<FromServer, { type: Type }>
    })
    last = asked.catch(() => undefined)
    return asked
  }

  const { url } = await ask({ type: 'start', options }, 'ready')
  let began = performance.now()
  return {
    url,
    watch: async () => {
      await ask({ type: 'watch' }, 'watching')
      began = performance.now()
    },
    read: async () => {
      const { health } = await ask({ type: 'health' }, 'health')
      return toReading(health, (performance.now() - began) / 1000)
    },
    liveHeap: async () => (await ask({ type: 'live' }, 'live')).heapBytes,
    close: async () => {
      await last
      child.send({ type: 'close' } satisfies ToServer)
      const [code, signal] = await exited
      return signal ?? code ?? 0
    },
  }
}

async function toReading({ rssBytes, heapBytes, modelPid, loop }: ServerHealth, seconds: number): Promise<Reading> {
  const modelRss = modelPid === undefined ? Number.NaN : await residentMemory(modelPid)
  return { seconds, serverRss: rssBytes, serverHeap: heapBytes, modelRss, loop }
}

/** @returns NaN where the system does not tell (it is Linux's `/proc`) */
async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) * 1024
}
