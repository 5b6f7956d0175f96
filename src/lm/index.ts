export { encodePrompt } from './chat.js'
export { fitToContext } from './context.js'
export { ContextOverflowError, ModelInputError, ModelLoadError } from './errors.js'
export { type LoadModelOptions, loadModel } from './load.js'
export { hashVocabulary } from './model.js'
export { addProfile, type DecodeProfile, newDecodeProfile } from './profile.js'
export { EMBEDDED_MODEL, embeddedModelFolder } from './resolve.js'
export type {
  ChatMessage,
  DecodedRow,
  DecodeEngine,
  DecodeRow,
  EncodedPrompt,
  EngineOptions,
  KvLayer,
  LanguageModel,
  Prefill,
  PrefillOptions,
  StopReason,
  TokenAlternative,
  TokenEvent,
  TokenTrace,
} from './types.js'
