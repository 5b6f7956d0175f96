import type { SampledToken } from '../sampling/index.js'
import { StopDetector } from './stop.js'
import { traceStep } from './trace.js'
import type { DecodedRow, DecodeRow, StopReason, TokenTrace } from './types.js'

/** What a row needs of its model. */
export interface RowModel {
  endTokenIds: ReadonlySet<number>
  stopStrings: readonly string[]
  decode(tokenIds: readonly number[]): string
  tokenText(token: number): string
}

/** A row from its first draw to its end. */
export class RowInFlight {
  finished = false
  private readonly tokens: number[] = []
  private readonly trace: TokenTrace[] = []
  private readonly stops: StopDetector
  private readonly history = { steps: 0, entropySum: 0 }
  private temperatureSum = 0

  constructor(
    readonly request: DecodeRow,
    private readonly model: RowModel,
    private readonly resolve: (row: DecodedRow) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    this.stops = new StopDetector(request.stopStrings ?? model.stopStrings, model.tokenText, model.decode)
  }

  get lastToken(): number {
    return this.tokens[this.tokens.length - 1]
  }

  /** Draws the first token from the prefill's logits. @returns true when the row is finished already */
  start(): boolean {
    this.checkAborted()
    if (!this.finished) this.draw(this.request.prefill.lastLogits, this.request.contrast?.lastLogits)
    return this.finished
  }

  checkAborted(): void {
    const { signal } = this.request
    if (!this.finished && signal?.aborted) this.fail(signal.reason)
  }

  fail(reason: unknown): void {
    if (this.finished) return
    this.finished = true
    this.reject(reason)
  }

  /** Draws the next token and ends the row when its stop rule says so. */
  draw(logits: Float32Array, contrastLogits?: Float32Array): void {
    try {
      const { sampler, random, onToken, maxNewTokens } = this.request
      const sampled = sampler.sample(logits, random.next(), contrastLogits, this.history)
      const trace = this.record(sampled, logits)
      onToken?.({ ...sampled, index: this.history.steps - 1, ...(trace === undefined ? {} : { trace }) })
      if (this.model.endTokenIds.has(sampled.token)) {
        this.finish('end-token')
        return
      }
      this.tokens.push(sampled.token)
      const cut = this.stops.push(this.tokens)
      if (cut !== undefined) this.finish('stop-string', cut)
      else if (this.history.steps >= maxNewTokens) this.finish('length')
    } catch (error) {
      this.fail(error)
    }
  }

  /** @returns the step's entry in the trace, when one is kept */
  private record(sampled: SampledToken, logits: Float32Array): TokenTrace | undefined {
    this.history.steps++
    this.history.entropySum += sampled.entropy
    this.temperatureSum += sampled.temperature
    const { trace, alternatives = 0 } = this.request
    if (!trace) return undefined
    const step = traceStep(sampled, logits, this.model.tokenText, alternatives)
    this.trace.push(step)
    return step
  }

  private finish(stopReason: StopReason, text = this.model.decode(this.tokens)): void {
    const { steps, entropySum } = this.history
    this.finished = true
    this.resolve({
      tokenIds: this.tokens,
      text,
      stopReason,
      steps,
      meanEntropy: entropySum / steps,
      meanTemperature: this.temperatureSum / steps,
      ...(this.request.trace ? { trace: this.trace } : {}),
    })
  }
}
