import { StopDetector } from '../../lm/stop.js'
import { traceStep } from '../../lm/trace.js'
import { createRule, createSampler, type RandomStream, type Sampler } from '../../sampling/index.js'
import { choose } from '../choose.js'
import type { EdtLogitsProcessorOptions, ProcessorRow, ProcessorTrace, VocabularyTokenizer } from './types.js'

/** What all rows of a processor share. */
export interface RowContext {
  options: EdtLogitsProcessorOptions
  endTokenIds: readonly number[]
  stopStrings: readonly string[]
}

/** One row of a batch from its first step to its end. */
export class DrawingRow implements ProcessorRow {
  readonly t0?: number
  readonly theta?: number
  readonly balance?: number
  readonly chosenBy: ProcessorRow['chosenBy']
  readonly features?: ProcessorRow['features']
  readonly promptTokens: number
  readonly tokenIds: number[] = []
  readonly trace: ProcessorTrace[] = []
  ended = false
  readonly #sampler: Sampler
  readonly #random: RandomStream
  readonly #context: RowContext
  readonly #stops: StopDetector | undefined
  #steps = 0
  #entropySum = 0
  #temperatureSum = 0
  #endToken = 0

  /**
   * @param prompt without padding
   * @param logits of the first step; T0 and θ are chosen from them
   */
  constructor(prompt: readonly number[], logits: Float32Array, random: RandomStream, context: RowContext) {
    const { options, stopStrings } = context
    const { strategy, chosenBy, balance, features } = choose(options, { tokenIds: prompt, lastLogits: logits })
    if (strategy.name === 'edt') [this.t0, this.theta] = [strategy.t0, strategy.theta]
    this.chosenBy = chosenBy
    this.balance = balance
    this.features = features
    this.promptTokens = prompt.length
    this.#context = context
    this.#random = random
    const { topNSigma, topK, topP = options.tuner?.metadata.decoding.topP, minP } = options
    this.#sampler = createSampler({ rule: createRule(strategy), truncation: { topNSigma, topK, topP, minP } })
    const { tokenizer } = options
    if (tokenizer !== undefined && stopStrings.length > 0) {
      const textOf = (token: number) => tokenText(tokenizer, token)
      this.#stops = new StopDetector(stopStrings, textOf, (ids) => tokenizer.decode([...ids]))
    }
  }

  get strategy(): string {
    return this.#sampler.signature
  }

  get meanEntropy(): number {
    return this.#entropySum / Math.max(1, this.#steps)
  }

  get meanTemperature(): number {
    return this.#temperatureSum / Math.max(1, this.#steps)
  }

  /** @returns the token that the row goes on with: drawn, or the end token of a row that has ended */
  next(logits: Float32Array): number {
    if (this.ended) return this.#endToken
    const { options, endTokenIds } = this.#context
    const sampled = this.#sampler.sample(logits, this.#random.next())
    const { token } = sampled
    this.#steps++
    this.#entropySum += sampled.entropy
    this.#temperatureSum += sampled.temperature
    if (options.trace ?? true) {
      const { tokenizer } = options
      const { text, ...step } = traceStep(sampled, logits, (id) => (tokenizer ? tokenText(tokenizer, id) : ''), 0)
      this.trace.push(tokenizer === undefined ? step : { ...step, text })
    }
    if (endTokenIds.includes(token)) {
      this.#end(token)
      return token
    }
    this.tokenIds.push(token)
    if (this.#stops?.push(this.tokenIds) !== undefined) this.#end(endTokenIds[0])
    return token
  }

  #end(endToken: number): void {
    this.ended = true
    this.#endToken = endToken
  }
}

function tokenText(tokenizer: VocabularyTokenizer, token: number): string {
  return tokenizer.decode([token], { skip_special_tokens: false })
}
