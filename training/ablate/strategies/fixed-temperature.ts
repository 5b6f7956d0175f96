import type { AblationStrategy, Decoding } from './types.js'

/** One temperature for every token of every prompt; by default the best of the training grid's θ = 0 column. */
export function fixedTemperature(temperature: number, decoding: Decoding): AblationStrategy {
  return {
    id: 'fixed-temperature',
    label: 'best fixed temperature',
    setting: `T ${temperature}`,
    rolloutFor: () => ({ strategy: { name: 'fixed', temperature }, ...decoding }),
  }
}
