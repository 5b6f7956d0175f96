import { addProfile } from '../../src/lm/profile.js'
import type { RolloutResult } from '../types.js'
import { newRolloutProfile, type RolloutProfile } from './rollouts.js'

/** How far a run is. */
export interface CollectProgress {
  /** Prompts with nothing left to do: collected now or before, or skipped. */
  done: number
  total: number
  /** Of `done`: prompts that do not fit into the context. */
  skipped: number
  /** Since this session began to draw; 0 until the first prompt is done. */
  samplesPerSecond: number
  tokensPerSecond: number
  /** Undefined until the first prompt is done. */
  secondsLeft: number | undefined
}

/** Counts what a session does, and tells its rate. */
export class ProgressMeter {
  samples = 0
  tokens = 0
  /** Prompts whose rollouts were drawn in this session. */
  collected = 0
  /** Summed over the processes. */
  readonly profile = newRolloutProfile()
  private start = performance.now()

  constructor(
    private done: number,
    private skipped: number,
    private readonly total: number,
  ) {}

  get seconds(): number {
    return (performance.now() - this.start) / 1000
  }

  count(result: RolloutResult, profile?: RolloutProfile): void {
    if (profile !== undefined) addProfile(this.profile, profile)
    this.done++
    this.collected++
    for (const { samples } of result.rollouts) {
      this.samples += samples.length
      for (const sample of samples) this.tokens += sample.tokenCount
    }
  }

  countSkipped(): void {
    this.done++
    this.skipped++
  }

  progress(): CollectProgress {
    const { done, total, skipped, seconds, collected } = this
    return {
      done,
      total,
      skipped,
      samplesPerSecond: collected === 0 ? 0 : this.samples / seconds,
      tokensPerSecond: collected === 0 ? 0 : this.tokens / seconds,
      secondsLeft: collected === 0 ? undefined : ((total - done) * seconds) / collected,
    }
  }
}
