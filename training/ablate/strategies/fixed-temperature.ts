import type { Truncation } from '../../../src/sampling/types.js'
import { lacksTuning, oneSetting } from './tuned.js'
import type { Setting, Strategy } from './types.js'

/** From almost greedy to wild, closest where tasks have their best. */
const TEMPERATURES = [
  ...[0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95],
  ...[1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2],
]

/** One temperature for every token of every prompt. Where nothing is tuned it is the best of the training grid's θ = 0 column. */
export const fixedTemperature: Strategy = {
  id: 'fixed-temperature',
  label: 'best fixed temperature',
  byDefault: true,
  settings: (truncation) => TEMPERATURES.map((temperature) => at(temperature, truncation)),
  lacks: (available) => (available.tuner.bestCells.fixedTemperature === undefined ? lacksTuning(available) : undefined),
  ready: ({ tuned, tuner, truncation }) => oneSetting(tuned ?? at(tuner.bestCells.fixedTemperature!, truncation)),
}

function at(temperature: number, truncation: Truncation): Setting {
  return { label: `T ${temperature}`, strategy: { name: 'fixed', temperature }, truncation }
}
