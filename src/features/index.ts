export {
  extractFeatures,
  FEATURE_GROUPS,
  FEATURE_VERSION,
  featureGroup,
  MissingFeatureGroupError,
  observePrompt,
} from './extract.js'
export type { FeatureGroup, FeatureVector, PromptObservation } from './types.js'
