import type { Cell } from '../types.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import type { ComparedStrategy } from './ready.js'
import type { RolloutsRecord } from './records.js'
import { rollOut } from './roll-out.js'
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

/**
 * Draws the samples of the prompts that are shown once more, now with a trace: which prompts these are is known only when all predictions are,
 * and changes when prompts are added. Same streams, so the samples are those that were judged (up to rounding in a batch of another size).
 *
 * Shown beside learned EDT is the fixed temperature, or the best fixed EDT where that is not compared.
 */
export async function traceExamples(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  predictions: ReadonlyMap<string, Cell>,
  strategies: readonly ComparedStrategy[],
  options: CompleteOptions,
): Promise<WorkedExample[]> {
  const byKey = new Map(prompts.map((prompt) => [prompt.promptId, prompt]))
  const chosen = chooseExamples(
    prompts.map(({ promptId, definition }) => ({ promptId, task: definition.name, ...predictions.get(promptId)! })),
  )
  const learned = strategies.find(({ id }) => id === 'learned-edt')!
  const compared = strategies.find(({ id }) => id === 'fixed-temperature' || id === 'best-fixed-edt')!
  const drawn = await rollOut(
    journal,
    {
      purpose: 'examples',
      prompts: chosen.map(({ prediction }) => byKey.get(prediction.promptId)!),
      rolloutsFor: (prompt) =>
        Object.fromEntries(
          [learned, compared].map(({ id, rolloutFor }) => [id, { ...rolloutFor(prompt), trace: true }]),
        ),
      keep: 'samples',
    },
    options,
  )
  const rollouts = new Map<string, RolloutsRecord['rollouts']>()
  for await (const record of drawn()) {
    rollouts.set(record.prompt, { ...rollouts.get(record.prompt), ...record.rollouts })
  }
  return chosen.map(({ prediction, reason }) => {
    const { promptId, definition, example } = byKey.get(prediction.promptId)!
    const own = rollouts.get(promptId)!
    const setting = `T0 ${prediction.t0.toFixed(2)}, θ ${prediction.theta.toFixed(2)}`
    return {
      promptId,
      task: definition.name,
      reason,
      prompt: example.prompt,
      reference: example.references[0],
      learned: exampleRollout(learned.label, setting, own[learned.id]),
      compared: exampleRollout(compared.label, compared.setting, own[compared.id]),
    }
  })
}

function exampleRollout(
  label: string,
  setting: string,
  { quality, selfBleu, samples = [] }: RolloutsRecord['rollouts'][string],
): ExampleRollout {
  return {
    label,
    setting,
    texts: samples.slice(0, SAMPLES_SHOWN).map((sample) => sample.text),
    quality,
    selfBleu,
    tokens: samples[0].trace!,
  }
}
