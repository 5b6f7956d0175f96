export { generate } from './generate.js'
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
