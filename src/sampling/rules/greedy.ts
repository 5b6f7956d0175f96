import type { TemperatureRule } from '../types.js'

/** Always the most probable token: T = 0. */
export function greedy(): TemperatureRule {
  return { name: 'greedy', signature: 'greedy', upperBound: 0, temperature: () => 0 }
}
