import type { KvLayer } from '../lm/types.js'

/**
 * What a feature needs to be worked out:
 * - `prompt`: the token ids and the first step's logits; also possible inside a plain transformers.js `generate()`
 * - `text`: the prompt's characters
 * - `surprisal`: how surprising the prompt was, which costs the logits of all its positions
 * - `prefill`: the KV cache that our own engine's prefill leaves behind
 */
export type FeatureGroup = 'prompt' | 'text' | 'surprisal' | 'prefill'

/** What is known of a prompt before the first token is drawn. */
export interface PromptObservation {
  tokenIds: readonly number[]
  /** Logits after the last prompt token, length = vocabulary size. */
  lastLogits: Float32Array
  /** For the `text` group. */
  text?: string
  /** For the `surprisal` group: −ln p of prompt tokens 1 … n−1, nats. */
  surprisals?: Float32Array
  /** For the `prefill` group: keys and values by layer, each `[1, kvHeads, n, headSize]`. */
  kv?: readonly KvLayer[]
}

/** Named numbers that describe one prompt to one model. */
export interface FeatureVector {
  /** Version of the feature code; a checkpoint holds the version it was trained with. */
  version: number
  names: readonly string[]
  /** Same length and order as `names`; always finite. */
  values: Float32Array
}
