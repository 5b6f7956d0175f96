export {
  DEFAULT_FEATURE_GROUPS,
  extractFeatures,
  FEATURE_GROUPS,
  FEATURE_VERSION,
  featureGroup,
  MissingFeatureGroupError,
  observePrompt,
} from './extract.js'
export type { FeatureGroup, FeatureVector, PromptObservation } from './types.js'
