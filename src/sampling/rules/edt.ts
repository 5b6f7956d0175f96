import { InvalidOptionError } from '../../errors.js'
import type { TemperatureRule } from '../types.js'
import { requireAtLeast } from './options.js'

export interface EdtOptions {
  /** T0, the upper bound of the temperature, ≥ 0. @example 0.6 */
  t0: number
  /** θ ≥ 0: how strongly a sure model lowers the temperature; 0 is a fixed temperature. @example 0.1 */
  theta: number
  /** N, between 0 and 1 (both excluded). @default 0.8 */
  base?: number
}

/**
 * Entropy-based dynamic temperature: T = t0 · base^(theta / H).
 *
 * Low entropy (a sure model) gives a low temperature; `t0` is the upper bound, reached as H grows. `theta = 0` is a fixed
 * temperature. H → 0 gives T → 0, which the draw treats as the argmax.
 *
 * @throws {InvalidOptionError} for a value out of its range
 * @see Zhang et al. 2024, arXiv 2403.14541 (they fix base = 0.8)
 */
export function edt({ t0, theta, base = 0.8 }: EdtOptions): TemperatureRule {
  const temperatureAt = edtTemperature('edt', { t0, theta, base })
  return {
    name: 'edt',
    signature: `edt|t0:${t0}|theta:${theta}|base:${base}`,
    upperBound: t0,
    temperature: ({ entropy }) => temperatureAt(entropy),
  }
}

/**
 * The formula itself, for every rule that is made of it: temperature ≥ 0 at an entropy ≥ 0.
 * @param rule whose options they are, for errors
 * @throws {InvalidOptionError} for a value out of its range
 */
export function edtTemperature(rule: string, { t0, theta, base }: Required<EdtOptions>): (entropy: number) => number {
  requireAtLeast(0, `${rule}: t0`, t0)
  requireAtLeast(0, `${rule}: theta`, theta)
  if (!(base > 0 && base < 1)) throw new InvalidOptionError(`${rule}: base`, 'between 0 and 1 (both excluded)', base)
  const exponent = Math.log(base) * theta
  // 0 apart (theta is 0, or so small that the product underflows), because 0 / 0 at entropy 0 would be NaN.
  return exponent === 0 ? () => t0 : (entropy) => t0 * Math.exp(exponent / entropy)
}
