import type { TemperatureRule } from '../types.js'
import { requireAtLeast, requirePositive } from './options.js'

export interface DynatempOptions {
  /** Temperature of a certain model (H = 0), ≥ 0. @example 0.3 */
  min: number
  /** Temperature of a uniform distribution (H = ln V), ≥ min. @example 1.5 */
  max: number
  /** Bends the curve between them, > 0. @default 1 */
  exponent?: number
}

/**
 * Dynamic temperature by normalised entropy: T = min + (max − min) · (H / ln V)^exponent.
 *
 * @throws {InvalidOptionError} for a value out of its range
 * @see llama.cpp, `llama_sampler_init_temp_ext`
 */
export function dynatemp({ min, max, exponent = 1 }: DynatempOptions): TemperatureRule {
  requireAtLeast(0, 'dynatemp: min', min)
  requireAtLeast(min, 'dynatemp: max', max)
  requirePositive('dynatemp: exponent', exponent)
  return {
    name: 'dynatemp',
    signature: `dynatemp|min:${min}|max:${max}|exponent:${exponent}`,
    upperBound: max,
    temperature: ({ entropy, vocabularySize }) => {
      // A vocabulary of one token has ln V = 0 and no uncertainty.
      const normalized = vocabularySize === 1 ? 0 : Math.min(1, entropy / Math.log(vocabularySize))
      return Math.min(max, min + (max - min) * normalized ** exponent)
    },
  }
}
