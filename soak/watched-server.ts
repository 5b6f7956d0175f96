import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { besideModule, forkModule, fromPlainError } from '../src/process/index.js'
import type { ServerOptions } from '../src/server/index.js'
import type { FromServer, ServerHealth, ToServer } from './protocol.js'

/** Resident memory of both processes in bytes, heap of the first, and the delay of its event loop in milliseconds. */
export interface Reading {
  /** Since the load began. */
  seconds: number
  serverRss: number
  serverHeap: number
  modelRss: number
  loopDelayMax: number
  loopDelayP99: number
}

export interface WatchedServer {
  url: string
  /** Starts the clock, and forgets the delays of the start. */
  watch(): void
  read(): Promise<Reading>
  /** Closes the server in order. @returns its exit code, or the signal that ended it */
  close(): Promise<number | string>
}

/** Starts the server in a process of its own. @throws what starting it throws there */
export async function startWatchedServer(options: ServerOptions): Promise<WatchedServer> {
  const child = forkModule(besideModule(import.meta.url, 'server-process'))
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  const send = (message: ToServer) => void child.send(message)
  const answer = async <Type extends FromServer['type']>(type: Type): Promise<Extract<FromServer, { type: Type }>> => {
    const message = await Promise.race([
      once(child, 'message').then(([first]): FromServer => first),
      exited.then(([code, signal]): never => {
        throw new Error(`the server's process ended (${signal ?? `exit code ${code}`})`)
      }),
    ])
    if (message.type === 'failed') throw fromPlainError(message.error)
    if (message.type !== type) throw new Error(`unexpected message ${message.type}`)
    return message as Extract<FromServer, { type: Type }>
  }
  send({ type: 'start', options })
  const { url } = await answer('ready')
  let began = performance.now()
  return {
    url,
    watch: () => {
      began = performance.now()
      send({ type: 'watch' })
    },
    read: async () => {
      send({ type: 'health' })
      return toReading((await answer('health')).health, (performance.now() - began) / 1000)
    },
    close: async () => {
      send({ type: 'close' })
      const [code, signal] = await exited
      return signal ?? code ?? 0
    },
  }
}

async function toReading(
  { rssBytes, heapBytes, modelPid, loopDelay }: ServerHealth,
  seconds: number,
): Promise<Reading> {
  return {
    ...{ seconds, serverRss: rssBytes, serverHeap: heapBytes },
    modelRss: modelPid === undefined ? Number.NaN : await residentMemory(modelPid),
    ...{ loopDelayMax: loopDelay.maxMs, loopDelayP99: loopDelay.p99Ms },
  }
}

/** @returns NaN where the system does not tell (it is Linux's `/proc`) */
async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) * 1024
}
