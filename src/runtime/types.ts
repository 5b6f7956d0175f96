import type { FeatureVector } from '../features/types.js'
import type { DecodeProfile } from '../lm/profile.js'
import type { DecodeEngine, StopReason, TokenEvent, TokenTrace } from '../lm/types.js'
import type { StrategySpec, Truncation } from '../sampling/types.js'
import type { PredictOptions, Tuner } from '../tuner/index.js'

/** Who sets the temperature: a tuner (with T0 or θ overridden, if need be), T0 and θ by hand, or another rule. */
export interface ChoiceOptions extends PredictOptions {
  /** A learned tuner: it sets T0 and θ for this prompt. @example await loadTuner('debian-6m/universal') */
  tuner?: Tuner
  /** Upper bound of the temperature. With a tuner: overrides the predicted one. @example 0.6 */
  t0?: number
  /** Sensitivity to entropy. With a tuner: overrides the predicted one. @example 0.1 */
  theta?: number
  /** EDT base N; a tuner is trained with 0.8. @default 0.8 */
  base?: number
  /** A fixed rule instead of EDT. @example { name: 'fixed', temperature: 0.8 } */
  strategy?: StrategySpec
}

export interface GenerateOptions extends ChoiceOptions, Truncation {
  /** Answers to draw; they share the prompt's prefill. @default 1 */
  samples?: number
  /** Same seed, same answers. @default a random one, told in the result */
  seed?: number
  /** Most new tokens of an answer. @default what the tuner was trained with, else 128; less where the context ends */
  maxNewTokens?: number
  /** Strings that end an answer; not part of it. @default what the tuner was trained with, else the model's own */
  stop?: readonly string[]
  /** Keep entropy, temperature, probability, rank and nucleus size of every token. @default false, true with `alternatives` */
  trace?: boolean
  /** How many of the most probable tokens the trace names for every step. @default 0 @example 5 */
  alternatives?: number
  /** Drop the oldest tokens of a prompt that is too long, instead of an error. @default false */
  truncate?: boolean
  /** The prompt without its source (evidence); needed by the `kld` strategy. */
  promptWithoutSource?: string
  /** Counters that say where the time goes; an `engine` that is given has counters of its own. @example newDecodeProfile() */
  profile?: DecodeProfile
  /** An engine whose batches this call's rows join, e.g. those of other users. @default an engine of its own @example model.engine() */
  engine?: DecodeEngine
  /** Stops the decoding; `generate` then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Called for every token as it is drawn. What `text` holds back at the end of an answer is in the result's text. */
  onToken?: (token: GeneratedToken) => void
}

export interface GeneratedToken extends TokenEvent {
  /** Which of the samples, from 0. */
  sample: number
  /** Text that became certain with this token; '' while a character is still incomplete. */
  text: string
}

export interface GeneratedSample {
  /** As the tokenizer decodes it, a leading space included; cut before a stop string. */
  text: string
  /** Drawn tokens, without an end token. */
  tokenIds: number[]
  stopReason: StopReason
  /** Tokens drawn, the end token counted. */
  newTokens: number
  /** Mean over the answer's tokens, nats. */
  meanEntropy: number
  /** Mean over the answer's tokens. */
  meanTemperature: number
  /** One entry for each token drawn, the end token included; present when asked for. */
  trace?: TokenTrace[]
}

/** What is settled before the first token is drawn. */
export interface GenerateStart {
  /** T0 and θ in force, for EDT. */
  t0?: number
  theta?: number
  /** The balance between quality and diversity that the tuner was asked for, when it chose T0 or θ. */
  balance?: number
  /** Who chose them. */
  chosenBy: 'tuner' | 'user' | 'tuner and user'
  /** Rule and truncation with all their values, e.g. `edt|t0:0.6|theta:0.1|base:0.8|top_p:0.95`. */
  strategy: string
  seed: number
  promptTokens: number
  /** What the tuner saw. */
  features?: FeatureVector
}

/** The answer; `text`, `tokenIds`, `stopReason` and `trace` are those of the first sample. */
export interface GenerateResult
  extends GenerateStart,
    Pick<GeneratedSample, 'text' | 'tokenIds' | 'stopReason' | 'trace'> {
  samples: GeneratedSample[]
  /** Over all samples. */
  newTokens: number
}

/** A piece of an answer. Every chunk has a `text`, and the texts of one sample's chunks add up to that sample's text. */
export type StreamChunk = StreamStart | StreamToken | StreamEnd

/** The first chunk: T0 and θ are chosen, no token is drawn yet. */
export interface StreamStart extends GenerateStart {
  type: 'start'
  text: ''
}

/** A token was drawn. */
export interface StreamToken extends GeneratedToken {
  type: 'token'
}

/** A sample ended. */
export interface StreamEnd extends Omit<GeneratedSample, 'text'> {
  type: 'end'
  sample: number
  /** What was held back until it was certain that no stop string begins with it. */
  text: string
}
