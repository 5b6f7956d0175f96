import type { PlainError } from '../src/process/index.js'
import type { ServerOptions } from '../src/server/index.js'
import type { LoopDelays } from './loop-watch.js'

/** How the server's process is doing. */
export interface ServerHealth {
  rssBytes: number
  heapBytes: number
  modelPid: number | undefined
  /** Since the last asking. */
  loop: LoopDelays
}

/** `watch` forgets the delays so far, `live` asks for what is left of the heap when garbage has been collected. */
export type ToServer =
  | { type: 'start'; options: ServerOptions }
  | { type: 'watch' }
  | { type: 'health' }
  | { type: 'live' }
  | { type: 'close' }

export type FromServer =
  | { type: 'ready'; url: string }
  | { type: 'watching' }
  | { type: 'health'; health: ServerHealth }
  | { type: 'live'; heapBytes: number }
  | { type: 'failed'; error: PlainError }
