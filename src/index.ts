export { DataFileError, EdtError, InvalidOptionError } from './errors.js'
export {
  extractFeatures,
  FEATURE_GROUPS,
  FEATURE_VERSION,
  type FeatureGroup,
  type FeatureVector,
  MissingFeatureGroupError,
  observePrompt,
  type PromptObservation,
} from './features/index.js'
export {
  type ChatMessage,
  ContextOverflowError,
  type DecodedRow,
  type DecodeEngine,
  type DecodeRow,
  EMBEDDED_MODEL,
  type EngineOptions,
  type LanguageModel,
  type LoadModelOptions,
  loadModel,
  ModelInputError,
  ModelLoadError,
  type Prefill,
  type StopReason,
  type TokenTrace,
} from './lm/index.js'
export {
  type ChoiceOptions,
  EdtLogitsProcessor,
  type EdtLogitsProcessorOptions,
  type GeneratedSample,
  type GeneratedToken,
  type GenerateOptions,
  type GenerateResult,
  type GenerateStart,
  type GeneratingModel,
  generate,
  type ProcessorCall,
  type ProcessorRow,
  type ProcessorTrace,
  type StreamChunk,
  type StreamEnd,
  type StreamStart,
  type StreamToken,
  stream,
  type VocabularyTokenizer,
} from './runtime/index.js'
export type { StrategySpec, Truncation } from './sampling/index.js'
export { type Example, embeddedTaskNames, openTask, type Task, type TaskDefinition } from './tasks/index.js'
export {
  type Bounds,
  CheckpointError,
  CheckpointMismatchError,
  FeatureMismatchError,
  type LoadTunerOptions,
  loadTuner,
  type PredictOptions,
  Tuner,
  type TunerConfiguration,
  type TunerMetadata,
} from './tuner/index.js'
export { VERSION } from './version.js'
