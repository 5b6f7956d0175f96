import type { FeatureVector } from '../../features/types.js'
import type { TokenTrace } from '../../lm/types.js'
import type { Truncation } from '../../sampling/types.js'
import type { ChoiceOptions, GenerateStart } from '../types.js'

/** What is read of a transformers.js model: the fields of its configs that name the end tokens. */
export interface GeneratingModel {
  config?: object | null
  generation_config?: object | null
}

/** What is read of a transformers.js tokenizer. */
export interface VocabularyTokenizer {
  get_vocab(): Map<string, number>
  decode(tokenIds: number[], options?: { skip_special_tokens?: boolean }): string
  pad_token_id?: number | null
}

export interface EdtLogitsProcessorOptions extends Omit<ChoiceOptions, 'strategy'>, Truncation {
  /**
   * Same seed, same tokens: row i draws with the random numbers that `generate()` of edt-tuner gives to its sample i. A list
   * gives every row a seed of its own, and the row then draws what it would draw alone. @default a random one, told in the record
   */
  seed?: number | readonly number[]
  /** The transformers.js model that generates; tells the end tokens. @example generator.model */
  model?: GeneratingModel
  /**
   * Its tokenizer: tells which token pads short prompts, lets a tuner refuse a model that it was not trained for, and lets stop
   * strings end rows. @example generator.tokenizer
   */
  tokenizer?: VocabularyTokenizer
  /** Tokens that end a row; needed for batches of several rows. @default what `model` says */
  endTokenIds?: number | readonly number[]
  /** Token on the left of prompts that are shorter than others of their batch. @default what `tokenizer` or `model` says */
  padTokenId?: number
  /**
   * Strings that end a row; they need the tokenizer, and are still in the text that transformers.js returns.
   * @default with tuner and tokenizer: what the tuner was trained with; else none
   */
  stop?: readonly string[]
  /** Keep a record of every token; costs one pass over the vocabulary for each. @default true */
  trace?: boolean
  /** Calls of `generate()` whose records are kept, the newest. @default 8 */
  keep?: number
}

/** One token in the trace of a row. */
export interface ProcessorTrace extends Omit<TokenTrace, 'text' | 'alternatives'> {
  /** Text of this token alone, when the tokenizer was given. */
  text?: string
}

/** What happened to one row of a call. */
export interface ProcessorRow extends Omit<GenerateStart, 'seed' | 'features'> {
  /** Tokens drawn, an end token excluded. */
  tokenIds: number[]
  /** True once an end token was drawn or a stop string came; the row then repeats the end token until the batch stops. */
  ended: boolean
  /** Mean over the tokens drawn, nats; 0 before the first. */
  meanEntropy: number
  /** Mean over the tokens drawn; 0 before the first. */
  meanTemperature: number
  /** What the tuner saw. */
  features?: FeatureVector
  /** One entry for each token drawn, the end token included; empty with `trace: false`. */
  trace: ProcessorTrace[]
}

/** The record of one call of `generate()`. */
export interface ProcessorCall {
  seed: number | readonly number[]
  rows: readonly ProcessorRow[]
}
