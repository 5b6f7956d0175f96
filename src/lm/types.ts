import type { RandomStream, SampledToken, Sampler } from '../sampling/types.js'
import type { DecodeProfile } from './profile.js'

/** One turn of a conversation, for models with a chat template. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** A prompt as the model sees it. */
export interface EncodedPrompt {
  text: string
  tokenIds: number[]
}

/** A decoder-only language model that is loaded and ready. */
export interface LanguageModel {
  /** Folder name or hub id, e.g. `debian-6m` or `HuggingFaceTB/SmolLM2-135M-Instruct`; the last part names checkpoints. */
  id: string
  vocabularySize: number
  /** SHA-256 (first 16 hex digits) over the vocabulary: tokens and their ids. Equal hashes mean the same tokenizer. */
  vocabularyHash: string
  /** Most positions (prompt and answer) that the model can see. */
  contextLength: number
  /** A row ends when one of these is drawn. */
  endTokenIds: ReadonlySet<number>
  /** Strings that end an answer unless the caller says otherwise (`stop_strings` of the model's generation_config.json). */
  stopStrings: readonly string[]
  /** e.g. `cpu`, `cuda`. */
  device: string
  /** e.g. `q8`, `q4`, `fp32`. */
  dtype: string
  hasChatTemplate: boolean
  /** Token ids of a text, with the special tokens that the tokenizer sets before every text. Control tokens inside the text are encoded as text. */
  encode(text: string): number[]
  /** Text of token ids, special tokens left out. `decode([])` is ''. */
  decode(tokenIds: readonly number[]): string
  /** The prompt text of a conversation; encode it with `encodeRendered`. @throws {ModelInputError} when the model has no chat template */
  renderChat(messages: readonly ChatMessage[]): string
  /** Token ids of a text that already holds its special tokens (a rendered chat). */
  encodeRendered(text: string): number[]
  /**
   * A conversation in the model's chat template, and its token ids; the same as `encodeRendered(renderChat(messages))`, except that control tokens such
   * as `<|im_end|>` inside a message are encoded as text.
   * @throws {ModelInputError} when the model has no chat template
   */
  encodeChat(messages: readonly ChatMessage[]): EncodedPrompt
  /**
   * Runs a prompt through the model once.
   * @throws {ModelInputError} for an empty prompt or an id outside the vocabulary
   * @throws {ContextOverflowError} when the prompt leaves no room for one new token
   */
  prefill(tokenIds: readonly number[], options?: PrefillOptions): Promise<Prefill>
  /** A decode engine on this model; rows of one engine share batches. */
  engine(options?: EngineOptions): DecodeEngine
  /** SHA-256 (first 16 hex digits) over the weight files; undefined where they cannot be found. Reads them whole. */
  weightsHash?(): Promise<string | undefined>
  /** Frees the model's memory. */
  dispose(): Promise<void>
}

export interface PrefillOptions {
  /** Also work out the prompt's surprisals; costs the logits of every position. @default true */
  surprisals?: boolean
  /** Counters to add the time to. */
  profile?: DecodeProfile
}

export interface EngineOptions {
  /** Most rows in flight; further rows wait. @default 256 */
  maxRows?: number
  /**
   * Let rows that continue the same prompt share its keys and values (see graph/shared-prefix.ts). Turned off, or on a
   * graph that cannot be rewritten, every row carries its own copy: slower, same results within rounding.
   * @default true
   */
  sharePrefix?: boolean
  /** Counters that the engine adds to, to see where its time goes. @example newDecodeProfile() */
  profile?: DecodeProfile
}

/** What one pass over a prompt left behind: enough for features and for decoding. Shared, never modified. */
export interface Prefill {
  tokenIds: readonly number[]
  /** Logits after the last prompt token, length = vocabulary size. */
  lastLogits: Float32Array
  /** Surprisal −ln p(token i | tokens before) in nats of prompt tokens 1 … n−1; undefined when not asked for. */
  surprisals: Float32Array | undefined
  /** Keys and values of every layer, each `[1, kvHeads, n, headSize]`. */
  kv: readonly KvLayer[]
}

export interface KvLayer {
  key: Float32Array
  value: Float32Array
  kvHeads: number
  headSize: number
}

/** A row to decode: its own sampler, random stream, stop rule and trace. */
export interface DecodeRow {
  prefill: Prefill
  sampler: Sampler
  /** One number is taken per token, so token t of a stream always meets the same number. */
  random: RandomStream
  /** Most new tokens, ≥ 1. */
  maxNewTokens: number
  /** The same prompt without its source; needed by samplers with `needsContrast`. */
  contrast?: Prefill
  /** @default the model's stop strings */
  stopStrings?: readonly string[]
  /** Keep a record of every step, and hand it to `onToken` as well. @default false */
  trace?: boolean
  /** How many of the most probable tokens a trace names for every step, ≥ 0. @default 0 */
  alternatives?: number
  signal?: AbortSignal
  /** Called after each token, before the row's stop rule is applied. */
  onToken?: (token: TokenEvent) => void
}

export interface TokenEvent extends SampledToken {
  /** 0 for the first new token. */
  index: number
  /** The step's entry in the row's trace, when one is kept. */
  trace?: TokenTrace
}

/** One step in a trace. */
export interface TokenTrace extends SampledToken {
  /** Text of this token alone. */
  text: string
  /** How many tokens had a higher logit: 0 is the argmax. */
  rank: number
  /** ln p of this token in the model's own distribution: temperature 1, the whole vocabulary. */
  logprob: number
  /** The most probable tokens, most probable first; present when asked for. The drawn token may be one of them. */
  alternatives?: TokenAlternative[]
}

/** A token that could have been drawn. */
export interface TokenAlternative {
  token: number
  /** Text of this token alone. */
  text: string
  /** ln p in the model's own distribution: temperature 1, the whole vocabulary. */
  logprob: number
}

export type StopReason = 'end-token' | 'stop-string' | 'length'

export interface DecodedRow {
  /** Drawn tokens, without an end token. */
  tokenIds: number[]
  /** Text of the tokens, cut before a stop string. */
  text: string
  stopReason: StopReason
  /** Tokens drawn, the end token counted. */
  steps: number
  /** Mean over the steps, nats. */
  meanEntropy: number
  /** Mean over the steps. */
  meanTemperature: number
  trace?: TokenTrace[]
}

/** Decodes rows in shared batches: rows leave as they finish and waiting rows take their place. */
export interface DecodeEngine {
  /** Most memory of keys and values that the engine's batches held at once, in bytes, where it is known. */
  readonly peakCacheBytes?: number
  /** @throws the signal's reason when aborted; {ContextOverflowError} when prompt + maxNewTokens exceed the context */
  decode(row: DecodeRow): Promise<DecodedRow>
}
