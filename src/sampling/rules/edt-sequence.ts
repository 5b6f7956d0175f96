import { InvalidOptionError } from '../../errors.js'
import type { TemperatureRule } from '../types.js'
import { type EdtOptions, edtTemperature } from './edt.js'

/**
 * EDT of a sequence: T = t0 · base^(theta / H̄), where H̄ is the mean of the row's own entropies so far, the current step included.
 *
 * The paper takes each token's own entropy. With the running mean one sure token cools the row a little instead of this token a lot; the first
 * token has the same temperature under both. Meant for comparing the two.
 *
 * @throws {InvalidOptionError} for a value out of its range, or when used without the row's earlier steps
 */
export function edtSequence({ t0, theta, base = 0.8 }: EdtOptions): TemperatureRule {
  const temperatureAt = edtTemperature('edt-sequence', { t0, theta, base })
  return {
    name: 'edt-sequence',
    signature: `edt-sequence|t0:${t0}|theta:${theta}|base:${base}`,
    upperBound: t0,
    needsHistory: true,
    temperature: ({ meanEntropy }) => {
      if (meanEntropy === undefined) {
        throw new InvalidOptionError(
          'edt-sequence: meanEntropy',
          "the mean entropy of the row's tokens so far",
          meanEntropy,
        )
      }
      return temperatureAt(meanEntropy)
    },
  }
}
