import { join } from 'node:path'
import type { LanguageModel } from '../src/lm/index.js'
import { packageRoot } from '../src/package-root.js'
import { hasSmolLM2, smolLM2Folder } from '../src/testing/models.js'

/** A model that rollouts are compared on, and what issue 5 asks for. */
export interface BenchModel {
  name: string
  folder: string
  dtype: 'q8' | 'q4'
  /** Text that is repeated until the prompt has its length, and what stands before the answer. */
  text: string
  ending: string
  /** Times the tokens per second of `generate()`. */
  factor: number
  /** Sizes of the batches that `generate()` is tried with. */
  batches: number[]
}

export const embedded: BenchModel = {
  name: 'debian-6m',
  folder: join(packageRoot(), 'data', 'models', 'debian-6m'),
  dtype: 'q8',
  text: 'This package contains the documentation for the Python library. ',
  ending: '\nSummary:',
  factor: 8,
  batches: [16, 64, 175],
}

export const smolLM2: BenchModel = {
  name: 'SmolLM2-135M-Instruct',
  folder: smolLM2Folder,
  dtype: 'q4',
  text: 'The river rose in the night, and in the morning the lower village could be reached by boat alone. ',
  ending: '\nWhat happened next:',
  factor: 5,
  batches: [8, 32, 64],
}

/** A prompt of so many tokens. */
export function promptOf(model: Pick<LanguageModel, 'encode'>, { text, ending }: BenchModel, tokens: number): number[] {
  const tail = model.encode(ending).slice(model.encode('').length)
  return [...model.encode(text.repeat(tokens)).slice(0, tokens - tail.length), ...tail]
}

export const smolLM2Missing = hasSmolLM2
  ? undefined
  : 'SmolLM2-135M-Instruct is not there: set EDT_SMOLLM2 to its folder.'
