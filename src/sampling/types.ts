/** What a temperature rule may look at: one row's next-token distribution at temperature 1, before any truncation. */
export interface RuleInput {
  /** Entropy of the softmax of the raw logits over the whole vocabulary, in nats, 0 … ln(vocabularySize). */
  entropy: number
  /** Number of logits. */
  vocabularySize: number
  /** KL(with source ‖ without source) in nats, ≥ 0; present only for rules with `needsContrast`. */
  divergence?: number
  /** Mean of `entropy` over the row's tokens so far, this one included, in nats; present when the row's earlier steps are given. */
  meanEntropy?: number
}

/** A rule that sets the temperature of one token of one row. */
export interface TemperatureRule {
  /** The rule's name, as `--strategy` takes it. */
  name: string
  /** Name and all settings, e.g. `edt|t0:0.6|theta:0.1|base:0.8`. */
  signature: string
  /** No temperature above this is ever returned. */
  upperBound: number
  /** True when the rule compares two logit rows: the prompt with and without its source. */
  needsContrast?: boolean
  /** True when the rule looks at the row's earlier tokens. */
  needsHistory?: boolean
  /** Temperature ≥ 0 for this token; 0 means the argmax. */
  temperature(input: RuleInput): number
}

/** Cuts applied after the temperature, in this order: top-nσ, top-k, top-p, min-p. */
export interface Truncation {
  /**
   * Keep tokens whose raw logit is at least max − n·σ, σ being the standard deviation (over all, not n − 1) of the row's finite logits; 0 keeps
   * all. A temperature scales both sides alike, so the kept tokens do not depend on it. @default 0 @see Tang et al. 2024, arXiv 2411.07641
   */
  topNSigma?: number
  /** Keep the `topK` most probable tokens; 0 keeps all. @default 0 */
  topK?: number
  /** Keep the smallest set of most probable tokens whose probabilities sum to at least `topP`; 1 keeps all. @default 0.95 */
  topP?: number
  /** Keep tokens with p ≥ minP · max p; 0 keeps all. @default 0 */
  minP?: number
}

/** One drawn token and what its step looked like. */
export interface SampledToken {
  /** Vocabulary id. */
  token: number
  /** Entropy in nats at temperature 1 over the whole vocabulary. */
  entropy: number
  /** Temperature that the rule chose; 0 means the argmax was taken. */
  temperature: number
  /** Probability with which this token was drawn, after temperature and truncation, 0 … 1. */
  probability: number
  /** How many tokens were left to draw from. */
  nucleusSize: number
}

/** What a row has seen before the token that is to be drawn. */
export interface EntropyHistory {
  /** Tokens drawn before. */
  steps: number
  /** Sum of their steps' entropies, nats. */
  entropySum: number
}

/** Draws one token from one row of logits. */
export interface Sampler {
  /** The rule's signature and the truncation, e.g. `edt|t0:0.6|theta:0.1|base:0.8|top_p:0.95`. */
  signature: string
  /** True when `contrastLogits` must be given. */
  needsContrast: boolean
  /** True when `history` must be given. */
  needsHistory: boolean
  /**
   * @param logits one row, length = vocabulary size; not modified
   * @param uniform a number in [0, 1): same logits and same number give the same token
   * @param contrastLogits the row of the same step without the source; only for rules with `needsContrast`
   * @param history the row's earlier steps; for rules with `needsHistory`
   * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
   */
  sample(
    logits: Float32Array,
    uniform: number,
    contrastLogits?: Float32Array,
    history?: Readonly<EntropyHistory>,
  ): SampledToken
}

/** A seeded stream of uniform numbers. */
export interface RandomStream {
  /** The next number in [0, 1). */
  next(): number
}

/** A strategy as plain data, for files, flags and worker processes. */
export type StrategySpec =
  | { name: 'greedy' }
  | { name: 'fixed'; temperature: number }
  | { name: 'edt'; t0: number; theta: number; base?: number }
  | { name: 'edt-sequence'; t0: number; theta: number; base?: number }
  | { name: 'dynatemp'; min: number; max: number; exponent?: number }
  | { name: 'kld'; temperature: number; bandwidth: number }
