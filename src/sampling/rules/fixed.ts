import type { TemperatureRule } from '../types.js'
import { requireAtLeast } from './options.js'

export interface FixedOptions {
  /** The same for every token, ≥ 0; 0 is greedy. @example 0.8 */
  temperature: number
}

/**
 * One temperature for every token.
 *
 * @throws {InvalidOptionError} for a temperature below 0 or not finite
 */
export function fixed({ temperature }: FixedOptions): TemperatureRule {
  requireAtLeast(0, 'fixed: temperature', temperature)
  return {
    name: 'fixed',
    signature: `fixed|temperature:${temperature}`,
    upperBound: temperature,
    temperature: () => temperature,
  }
}
