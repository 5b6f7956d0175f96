export { entropy } from './entropy.js'
export { InvalidLogitsError, InvalidTemperatureError } from './errors.js'
export { klDivergence } from './kl.js'
export { randomStream } from './random.js'
export { type DynatempOptions, dynatemp } from './rules/dynatemp.js'
export { type EdtOptions, edt } from './rules/edt.js'
export { edtSequence } from './rules/edt-sequence.js'
export { type FixedOptions, fixed } from './rules/fixed.js'
export { greedy } from './rules/greedy.js'
export { type KldOptions, kld } from './rules/kld.js'
export { createSampler, type SamplerOptions } from './sampler.js'
export { argmax } from './scan.js'
export { type LogitStatistics, logitStatistics, type TopToken, tokenRank, topTokens } from './statistics.js'
export { createRule, strategyNames } from './strategy.js'
export type {
  EntropyHistory,
  RandomStream,
  RuleInput,
  SampledToken,
  Sampler,
  StrategySpec,
  TemperatureRule,
  Truncation,
} from './types.js'
export { SAMPLER_VERSION } from './version.js'
