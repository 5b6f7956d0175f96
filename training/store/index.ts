export { storeDigest } from './digest.js'
export {
  NotAStoreError,
  StoreAccessError,
  StoreContentError,
  StoreCorruptError,
  StoreError,
  StoreLockedError,
  StoreMissingError,
  StoreSettingsError,
  StoreVersionError,
} from './errors.js'
export { openStore, refuseOtherSettings, resumeStore } from './open.js'
export { type PlannedPrompt, promptKey } from './plan.js'
export type { FeatureSet, ScoreSignatures, StoreSummary, SurfaceFilter } from './read.js'
export type { PromptSamples } from './read-samples.js'
export { type RunSettings, runSettingsSchema } from './settings.js'
export type { Plan, Store } from './store.js'
