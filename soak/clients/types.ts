import type { RandomStream } from '../../src/sampling/types.js'
import type { KnownCase } from '../known.js'
import type { Tally } from '../tally.js'
import type { Target } from './http.js'

export interface ClientContext {
  target: Target
  cases: readonly KnownCase[]
  random: RandomStream
  tally: Tally
  /** How long a stuck reader reads nothing, milliseconds, within a factor of 2. */
  patience: number
}

/** One visit of one client, from its request to its end; what goes wrong is put into the tally. */
export type Client = (context: ClientContext) => Promise<void>
