import { InvalidOptionError } from '../../errors.js'
import type { TemperatureRule } from '../types.js'
import { requireAtLeast, requirePositive } from './options.js'

export interface KldOptions {
  /** Temperature where the source makes no difference (KL = 0), ≥ 0. @example 1 */
  temperature: number
  /** Nats of divergence that halve the temperature, > 0. @example 0.5 */
  bandwidth: number
}

/**
 * KL-divergence guided temperature: T = temperature · 2^(−KL / bandwidth), where KL compares the step's distribution with
 * and without the source. Tokens that the source decides are drawn cold; the others stay diverse.
 *
 * @throws {InvalidOptionError} for a value out of its range, or when used without the row that lacks the source
 * @see Chang et al. 2023, arXiv 2306.01286
 */
export function kld({ temperature, bandwidth }: KldOptions): TemperatureRule {
  requireAtLeast(0, 'kld: temperature', temperature)
  requirePositive('kld: bandwidth', bandwidth)
  return {
    name: 'kld',
    signature: `kld|temperature:${temperature}|bandwidth:${bandwidth}`,
    upperBound: temperature,
    needsContrast: true,
    temperature: ({ divergence }) => {
      if (divergence === undefined) {
        throw new InvalidOptionError('kld: divergence', 'the KL divergence of the two rows', divergence)
      }
      return temperature * 2 ** (-divergence / bandwidth)
    },
  }
}
