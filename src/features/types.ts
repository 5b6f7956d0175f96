/** `prompt` features need token ids and first-step logits; `prefill` features need our own engine. */
export type FeatureGroup = 'prompt' | 'prefill'

/** Named numbers that describe one prompt to one model. */
export interface FeatureVector {
  /** Version of the feature code; a checkpoint holds the version it was trained with. */
  version: number
  names: readonly string[]
  /** Same length and order as `names`; always finite. */
  values: Float32Array
}
