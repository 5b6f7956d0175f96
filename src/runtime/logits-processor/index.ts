export { EdtLogitsProcessor } from './processor.js'
export type {
  EdtLogitsProcessorOptions,
  GeneratingModel,
  ProcessorCall,
  ProcessorRow,
  ProcessorTrace,
  VocabularyTokenizer,
} from './types.js'
