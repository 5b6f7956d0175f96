import type { RandomStream } from '../../src/sampling/index.js'
import type { Reference } from './reference.js'

/** One kind of fault. */
export interface Fault {
  /** For `--only`, e.g. `kill-collector`. */
  name: string
  /** What is done to the run, for reports. */
  about: string
  /** Faults injected in a round. @default 1 */
  perRound?: number
  /** Why it cannot be tried on this machine; undefined when it can. */
  missing?(): string | undefined
  open(bench: Bench): Promise<FaultSession>
}

/** What a kind of fault works with. */
export interface Bench {
  /** Empty, and the kind's own. */
  folder: string
  random: RandomStream
  /** The undisturbed run that everything is compared with. */
  reference: Reference
}

export interface FaultSession {
  /**
   * Injects a fault, or `perRound` of them, and checks all that is expected.
   * @returns what came of it in a few words, one for each fault; equal ones are counted
   * @throws {UnexpectedError} when something else came of it
   */
  round(index: number): Promise<string | string[]>
  /** Brings what is under way to its end and checks it. */
  close?(): Promise<void>
}

/** A fault cost something that it must not cost. */
export class UnexpectedError extends Error {
  override name = 'UnexpectedError' as const
}

/** How one kind of fault went. */
export interface FaultResult {
  name: string
  about: string
  rounds: number
  faults: number
  outcomes: Record<string, number>
  seconds: number
  /** Why it was not tried. */
  skipped?: string
  failures: { round: number; problem: string }[]
}
