import { InvalidOptionError } from '../../src/errors.js'
import { normalizedEda } from '../surfaces/index.js'
import type { RolloutSpec } from '../types.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import { readPrompts, samplePrompts } from './prompts.js'
import { specKey } from './records.js'
import { rollOut } from './roll-out.js'
import type { Setting, Strategy } from './strategies/index.js'
import type { AblationPrompt, AblationTuner, Tuning } from './types.js'

/** The best of a strategy's settings, and what finding it took. */
export interface Tuned {
  setting: Setting
  tuning: Tuning
}

/** A setting under trial. */
interface Candidate {
  /** Name of its rollouts in the journal. */
  name: string
  setting: Setting
  spec: RolloutSpec
}

/**
 * Tries every setting of every strategy that has any, on the same training prompts with the same number of samples and the same random streams, and
 * takes the one with the least corpus EDA over all tasks (with the tuner's Q* and D*). The first of equals wins.
 *
 * @returns by strategy
 * @throws {InvalidOptionError} when none of the prompts fits into the context
 */
export async function tuneStrategies(
  journal: Journal,
  strategies: readonly Strategy[],
  options: CompleteOptions,
): Promise<Map<string, Tuned>> {
  const { tasks, tuner, tunePrompts, tuneSamples } = options
  const trials = strategies.flatMap((strategy) => {
    const candidates = candidatesOf(strategy, options)
    return candidates.length === 0 ? [] : [{ id: strategy.id, candidates }]
  })
  if (tunePrompts === 0 || trials.length === 0) return new Map()
  const prompts = samplePrompts(await readPrompts(tasks, 'train', Math.ceil(tunePrompts / tasks.length)), tunePrompts)
  for (const [i, { candidates }] of trials.entries()) {
    const rollouts = Object.fromEntries(candidates.map(({ name, spec }) => [name, spec]))
    const progress = { before: i * prompts.length, total: trials.length * prompts.length }
    const plan = { purpose: 'tuning', prompts, progress, keep: 'means', skipOverflows: true } as const
    await rollOut(journal, { ...plan, rolloutsFor: () => rollouts }, options)
  }
  const fitting = prompts.filter(({ promptId }) => !journal.isSkipped(promptId))
  if (fitting.length === 0) {
    throw new InvalidOptionError('tunePrompts', "training prompts that fit into the model's context", prompts.length)
  }
  const edas = await edaOfCandidates(
    journal,
    fitting,
    trials.flatMap(({ candidates }) => candidates),
    tuner,
  )
  return new Map(
    trials.map(({ id, candidates }) => {
      const own = candidates.map(({ name }) => edas.get(name)!)
      const eda = Math.min(...own)
      const settings = candidates.length
      const samples = settings * fitting.length * tuneSamples
      return [
        id,
        {
          setting: candidates[own.indexOf(eda)].setting,
          tuning: { settings, prompts: fitting.length, samples, eda },
        },
      ]
    }),
  )
}

function candidatesOf({ id, settings }: Strategy, { truncation, tuneSamples }: CompleteOptions): Candidate[] {
  return (settings?.(truncation) ?? []).map((setting) => ({
    name: `${id}: ${setting.label}`,
    setting,
    spec: { strategy: setting.strategy, truncation: setting.truncation, samples: tuneSamples },
  }))
}

/** Corpus EDA of each candidate on the prompts, by its name. */
async function edaOfCandidates(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  candidates: readonly Candidate[],
  { references }: AblationTuner,
): Promise<Map<string, number>> {
  const taskOf = new Map(prompts.map(({ promptId, definition }) => [promptId, definition.name]))
  const keys = new Map(candidates.map(({ name, spec }) => [name, specKey(spec)]))
  /** By candidate and prompt: one that was drawn again takes the place of the one before. */
  const scores = new Map(candidates.map(({ name }) => [name, new Map<string, { quality: number; selfBleu: number }>()]))
  for await (const record of journal.records()) {
    if (record.kind !== 'rollouts' || record.purpose !== 'tuning') continue
    const task = taskOf.get(record.prompt)
    if (task === undefined) continue // of an earlier session with more prompts
    const { bestQuality, worstSelfBleu } = references[task]
    for (const [name, { spec, quality, selfBleu }] of Object.entries(record.rollouts)) {
      if (keys.get(name) !== spec) continue
      scores.get(name)!.set(record.prompt, { quality: quality / bestQuality, selfBleu: selfBleu / worstSelfBleu })
    }
  }
  return new Map(
    [...scores].map(([name, own]) => {
      const meanOf = (of: 'quality' | 'selfBleu') =>
        prompts.reduce((sum, { promptId }) => sum + own.get(promptId)![of], 0) / prompts.length
      return [name, normalizedEda(meanOf('quality'), meanOf('selfBleu'))]
    }),
  )
}
