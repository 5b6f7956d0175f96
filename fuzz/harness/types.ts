import type { Arbitrary } from 'fast-check'

/** A surface of edt-tuner that takes what others wrote: a file format, flags, requests. */
export interface Target<Input = unknown> {
  /** For `--only`, e.g. `task-jsonl`. */
  name: string
  /** What is attacked, for reports. */
  about: string
  /** Inputs of a normal test run, which has little time. @default 200 */
  quickRuns?: number
  /** @param folder empty, and the target's own */
  open(folder: string): Promise<Session<Input>>
}

/** A target that is ready to be tried. */
export interface Session<Input> {
  inputs: Arbitrary<Input>
  /** Nasty inputs that are always tried, before any is generated. */
  corpus: readonly Input[]
  /**
   * Hands one input to edt-tuner. To resolve is to accept it; to throw is to refuse it, and the verdict says whether that was done well.
   * Whatever must hold of an accepted input is checked here; a `ViolationError` says what does not.
   */
  attempt(input: Input): Promise<void>
  close?(): Promise<void>
}

/** An input was accepted, but with a result that must not be. */
export class ViolationError extends Error {
  override name = 'ViolationError' as const
}

/** How one target held out. */
export interface CampaignResult {
  target: string
  about: string
  seed: number
  /** Inputs tried, the corpus counted. */
  inputs: number
  corpus: number
  accepted: number
  /** Refused with a clear message, by the error's name. */
  refused: Record<string, number>
  seconds: number
  slowestMs: number
  /** Largest resident memory of the process, MB. */
  peakMemoryMb: number
  failure?: Failure
}

export interface Failure {
  problem: string
  /** The smallest input that was found. */
  input: string
  /** What fast-check needs to find it again. */
  path: string
}
