import type { StrategiesRecord } from './records.js'
import type { AblationStrategy } from './strategies/index.js'
import type { AblationPrompt, ExampleRollout, Prediction, WorkedExample } from './types.js'

/** Samples shown of each rollout. */
const SAMPLES_SHOWN = 3

/** A prompt that will be shown, and why. */
export interface ChosenExample {
  prediction: Prediction
  reason: string
}

/**
 * Three prompts to show: those with the lowest, the median and the highest predicted T0. A rule without regard to how the samples came out,
 * so that nobody can pick the pretty ones.
 */
export function chooseExamples(predictions: readonly Prediction[]): ChosenExample[] {
  const sorted = [...predictions].sort((a, b) => a.t0 - b.t0 || a.theta - b.theta)
  const places: [number, string][] = [
    [0, 'lowest predicted T0'],
    [Math.floor(sorted.length / 2), 'median predicted T0'],
    [sorted.length - 1, 'highest predicted T0'],
  ]
  const seen = new Set<number>()
  return places
    .filter(([place]) => place in sorted && !seen.has(place) && seen.add(place))
    .map(([place, reason]) => ({ prediction: sorted[place], reason }))
}

/** @param compared the strategy that is shown beside the learned one */
export function workedExample(
  { prediction, reason }: ChosenExample,
  { promptId, definition, example }: AblationPrompt,
  record: StrategiesRecord,
  learned: AblationStrategy,
  compared: AblationStrategy,
): WorkedExample {
  const show = ({ id, label }: AblationStrategy, setting: string): ExampleRollout => ({
    label,
    setting,
    texts: record.rollouts[id].samples.slice(0, SAMPLES_SHOWN).map((sample) => sample.text),
    quality: record.rollouts[id].quality,
    selfBleu: record.rollouts[id].selfBleu,
  })
  return {
    promptId,
    task: definition.name,
    reason,
    prompt: example.prompt,
    reference: example.references[0],
    learned: show(learned, `T0 ${prediction.t0.toFixed(2)}, θ ${prediction.theta.toFixed(2)}`),
    compared: show(compared, compared.setting),
  }
}
