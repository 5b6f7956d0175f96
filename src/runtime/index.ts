export { generate } from './generate.js'
export type { GeneratedSample, GeneratedToken, GenerateOptions, GenerateResult } from './types.js'
