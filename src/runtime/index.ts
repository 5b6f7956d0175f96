export { generate } from './generate.js'
export {
  EdtLogitsProcessor,
  type EdtLogitsProcessorOptions,
  type GeneratingModel,
  type ProcessorCall,
  type ProcessorRow,
  type ProcessorTrace,
  type VocabularyTokenizer,
} from './logits-processor/index.js'
export { stream } from './stream.js'
export type {
  ChoiceOptions,
  GeneratedSample,
  GeneratedToken,
  GenerateOptions,
  GenerateResult,
  GenerateStart,
  StreamChunk,
  StreamEnd,
  StreamStart,
  StreamToken,
} from './types.js'
