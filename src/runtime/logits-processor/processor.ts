import { randomInt } from 'node:crypto'
import { LogitsProcessorList, type Tensor } from '@huggingface/transformers'
import { InvalidOptionError } from '../../errors.js'
import { MissingFeatureGroupError } from '../../features/index.js'
import { randomStream } from '../../sampling/index.js'
import { loadTuner } from '../../tuner/index.js'
import { checkChoice } from '../choose.js'
import { withoutPadding } from './padding.js'
import { DrawingRow, type RowContext } from './row.js'
import type { EdtLogitsProcessorOptions, ProcessorCall } from './types.js'
import { checkVocabulary, type SpecialTokens, specialTokens } from './vocabulary.js'

/** What transformers.js does not show to a logits processor. */
const UNSEEN = { text: "the prompt's text", surprisal: "the prompt's surprisals", prefill: "the prompt's KV cache" }

/**
 * EDT inside plain transformers.js: give it as `logits_processor` to `generate()` or to a `text-generation` pipeline.
 *
 * At the first step of a call it works out the `prompt` features of each row, lets the tuner set the row's T0 and θ, and from
 * then on draws each token itself, with EDT and top-p over the whole vocabulary. It hands back scores that are 0 for the drawn
 * token and −∞ for all others, so `top_k` (50 unless told otherwise) cuts nothing and greedy and sampling give the same. A row
 * that has ended goes on with its end token, so that the batch stops when all rows have ended.
 *
 * A call is known by the array of token ids that `generate()` grows, so one processor serves any number of calls, one
 * after the other or at once. Call `generate()` with `do_sample: false`: with `do_sample: true` transformers.js divides the
 * scores by `temperature` before any processor sees them, and EDT would see another distribution than the model's. Give the
 * processor last when there are several: it draws from what those before it leave over.
 *
 * @example
 * const generator = await pipeline('text-generation', 'HuggingFaceTB/SmolLM2-135M-Instruct', { dtype: 'q4' })
 * const edt = new EdtLogitsProcessor({ t0: 0.6, theta: 0.1, topP: 0.95, seed: 1 })
 * const output = await generator('Once upon a time', { logits_processor: edt, do_sample: false, max_new_tokens: 40 })
 * console.log(edt.lastCall?.rows[0].meanTemperature)
 */
export class EdtLogitsProcessor extends LogitsProcessorList {
  /** The newest calls, oldest first. A call's record grows while `generate()` runs. */
  readonly calls: ProcessorCall[] = []
  readonly #open = new WeakMap<object, DrawingRow[]>()
  readonly #options: EdtLogitsProcessorOptions
  readonly #tokens: SpecialTokens
  readonly #stopStrings: readonly string[]
  #checkedVocabulary: number | undefined

  /**
   * A processor whose T0 and θ a tuner sets for each prompt.
   * @param checkpoint a checkpoint folder, or one that ships, such as `debian-6m/universal-prompt`; trained on `prompt` features alone
   * @throws as `loadTuner`; {@link MissingFeatureGroupError} for a tuner that needs more than `prompt` features
   * @example
   * const { model, tokenizer } = generator
   * const edt = await EdtLogitsProcessor.load('debian-6m/universal-prompt', { model, tokenizer })
   */
  static async load(
    checkpoint: string,
    options: Omit<EdtLogitsProcessorOptions, 'tuner'> = {},
  ): Promise<EdtLogitsProcessor> {
    return new EdtLogitsProcessor({ ...options, tuner: await loadTuner(checkpoint) })
  }

  /** @throws {@link InvalidOptionError}; {@link MissingFeatureGroupError} for a tuner that needs more than `prompt` features */
  constructor(options: EdtLogitsProcessorOptions) {
    super()
    checkChoice(options)
    const { tuner, tokenizer, stop, seed, keep = 8 } = options
    const group = tuner?.metadata.features.groups.find((name) => name !== 'prompt')
    if (group !== undefined) throw new MissingFeatureGroupError(group, UNSEEN[group])
    if (!Number.isInteger(keep) || keep < 1) throw new InvalidOptionError('keep', 'a whole number ≥ 1', keep)
    for (const one of seed === undefined ? [] : [seed].flat()) {
      if (!Number.isSafeInteger(one) || one < 0) throw new InvalidOptionError('seed', 'a whole number ≥ 0', one)
    }
    this.#options = { ...options }
    this.#tokens = specialTokens(options)
    this.#stopStrings = stop ?? (tokenizer === undefined ? [] : (tuner?.metadata.decoding.stop ?? []))
    if (this.#stopStrings.length > 0) {
      if (tokenizer === undefined) throw new InvalidOptionError('tokenizer', 'given together with stop', tokenizer)
      this.#endTokenIds('stop strings')
    }
    // Whoever spreads the list (transformers.js does) gets the processor; whoever calls the list as one gets the same.
    this.processors.push(this)
  }

  /** The record of the call that began last. */
  get lastCall(): ProcessorCall | undefined {
    return this.calls.at(-1)
  }

  /**
   * Called by transformers.js at every step.
   * @param input_ids the tokens of each row so far
   * @param logits `[rows, vocabulary]`; overwritten by the scores that are handed back
   */
  override _call(input_ids: bigint[][], logits: Tensor): Tensor {
    const vocabularySize = logits.dims.at(-1)!
    const data = logits.data as Float32Array
    const logitsOf = (row: number) => data.subarray(row * vocabularySize, (row + 1) * vocabularySize)
    const rows = this.#open.get(input_ids) ?? this.#begin(input_ids, vocabularySize, logitsOf)
    for (const [i, row] of rows.entries()) {
      const scores = logitsOf(i)
      const token = row.next(scores)
      scores.fill(Number.NEGATIVE_INFINITY)
      scores[token] = 0
    }
    return logits
  }

  #begin(input_ids: bigint[][], vocabularySize: number, logitsOf: (row: number) => Float32Array): DrawingRow[] {
    const { tuner, tokenizer, keep = 8 } = this.#options
    const batch = input_ids.length
    if (tuner !== undefined && this.#checkedVocabulary !== vocabularySize) {
      checkVocabulary(tuner, vocabularySize, tokenizer)
      this.#checkedVocabulary = vocabularySize
    }
    const { endTokenIds, padTokenId } = this.#tokens
    const context: RowContext = {
      options: this.#options,
      endTokenIds: batch > 1 ? this.#endTokenIds('a batch of several rows') : (endTokenIds ?? []),
      stopStrings: this.#stopStrings,
    }
    if (batch > 1 && tuner !== undefined && padTokenId === undefined) {
      throw new InvalidOptionError(
        'padTokenId',
        'given for a batch of several rows (tokenizer tells it, too)',
        undefined,
      )
    }
    const seed = this.#options.seed ?? randomInt(2 ** 31)
    const random = (row: number) => {
      if (typeof seed === 'number') return randomStream(seed, row)
      if (row >= seed.length) throw new InvalidOptionError('seed', `one number or one for each of ${batch} rows`, seed)
      return randomStream(seed[row], 0)
    }
    const rows = withoutPadding(input_ids, padTokenId).map(
      (prompt, row) => new DrawingRow(prompt, logitsOf(row), random(row), context),
    )
    this.#open.set(input_ids, rows)
    this.calls.push({ seed, rows })
    if (this.calls.length > keep) this.calls.shift()
    return rows
  }

  #endTokenIds(purpose: string): readonly number[] {
    const { endTokenIds } = this.#tokens
    if (endTokenIds !== undefined && endTokenIds.length > 0) return endTokenIds
    throw new InvalidOptionError('endTokenIds', `given for ${purpose} (model tells them, too)`, endTokenIds)
  }
}
