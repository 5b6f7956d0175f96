import type { PlainError } from '../src/process/index.js'
import type { ServerOptions } from '../src/server/index.js'

/** How the server's process is doing. */
export interface ServerHealth {
  rssBytes: number
  heapBytes: number
  modelPid: number | undefined
  /** Time between two turns of the event loop since the last asking, milliseconds; without load it is the 5 ms of the measuring timer. */
  loopDelay: { maxMs: number; p99Ms: number }
}

export type ToServer =
  | { type: 'start'; options: ServerOptions }
  | { type: 'watch' }
  | { type: 'health' }
  | { type: 'close' }

export type FromServer =
  | { type: 'ready'; url: string; pid: number }
  | { type: 'health'; health: ServerHealth }
  | { type: 'failed'; error: PlainError }
