import type { LoadModelOptions } from '../../src/lm/load.js'
import type { LanguageModel } from '../../src/lm/types.js'
import type { RolloutJob, RolloutResult } from '../types.js'
import type { RolloutProfile } from './rollouts.js'

/** Which model to run; plain data. */
export interface ModelOptions extends Pick<LoadModelOptions, 'dtype' | 'device'> {
  /** Folder or hub id. @example 'debian-6m' */
  model: string
}

/** What a run records of its model. */
export interface ModelDescription
  extends Pick<LanguageModel, 'id' | 'vocabularySize' | 'vocabularyHash' | 'contextLength' | 'device' | 'dtype'> {
  /** Over the weight files, where they are known. */
  weightsHash?: string
}

/** The prompt and its answer do not fit into the context. All in tokens. */
export interface Overflow {
  promptTokens: number
  maxNewTokens: number
  contextLength: number
}

/** What became of a job. */
export type RolloutOutcome = { promptId: string } & (
  | { result: RolloutResult; profile?: RolloutProfile; overflow?: undefined; failure?: undefined }
  | { overflow: Overflow; profile?: undefined; result?: undefined; failure?: undefined }
  | { failure: JobFailure; overflow?: undefined; profile?: undefined; result?: undefined }
)

/** A job that could not be done and was set aside, so that the others go on. */
export interface JobFailure {
  /** One sentence. */
  reason: string
  /** How often it was tried. */
  tries: number
}

export interface RunnerOptions extends ModelOptions {
  /**
   * Processes at once, each with a model of its own on one thread; 0 runs everything in this process.
   * @default the number of cores on the CPU, 1 on other devices
   */
  workers?: number
  /** Most rows of one prompt in flight. @default 256 */
  maxRows?: number
  /** Module that a worker process starts with, for tests. @default worker.js */
  workerEntry?: URL
}

/** Does jobs with one model. To be closed after use; it cannot be used afterwards. */
export interface RolloutRunner {
  /** The model, loaded by then. @throws {ModelLoadError} */
  model(): Promise<ModelDescription>
  /**
   * Does jobs side by side. Outcomes come as they are ready. Jobs are taken from the source one by one as workers become
   * free: at most two a worker are under way or waiting to be picked up.
   * @param signal ends all workers and with them the runner
   * @throws {RolloutError} naming the prompt: when a worker process died with it and a fresh one did too, or the library
   *   refused the job; the signal's reason when aborted
   */
  outcomes(jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>, signal?: AbortSignal): AsyncIterable<RolloutOutcome>
  /** Ends all workers and waits until they are gone. */
  close(): Promise<void>
}
