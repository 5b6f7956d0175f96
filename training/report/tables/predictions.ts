import type { AblationResult } from '../../ablate/types.js'
import { decimal } from '../numbers.js'
import { type Cell, integerCell, left, right, type Table, textCell } from './table.js'

/** Median and quartiles of what the tuner chose, by task. */
export function predictionTable({ tasks, predictions }: AblationResult): Table {
  const names = Object.keys(tasks)
  const row = (name: string, chosen: AblationResult['predictions']) => [
    textCell(name),
    integerCell(chosen.length),
    quartiles(chosen.map(({ t0 }) => t0)),
    quartiles(chosen.map(({ theta }) => theta)),
  ]
  return {
    name: 'predictions',
    title: 'What the tuner chooses: median, and the middle half of the prompts',
    columns: [left('task', 'task'), right('prompts', 'prompts'), right('t0', 'T0'), right('theta', 'θ')],
    rows: [
      ...(names.length > 1 ? [row('all tasks', predictions)] : []),
      ...names.map((name) =>
        row(
          name,
          predictions.filter(({ task }) => task === name),
        ),
      ),
    ],
  }
}

function quartiles(values: readonly number[]): Cell {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share))
  return {
    text: `${decimal(median, 2)} (${decimal(low, 2)} to ${decimal(high, 2)})`,
    data: { median, quartile_1: low, quartile_3: high },
  }
}

/**
 * Linear between the ordered values (type 7 of Hyndman & Fan 1996).
 * @param values at least one
 * @param share 0–1
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  return sorted[below] + (place - below) * (sorted[Math.ceil(place)] - sorted[below])
}
