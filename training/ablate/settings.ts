import type { CompleteOptions } from './options.js'
import type { AblationModel } from './types.js'

/** Raised whenever the records of an ablation change so that older ones cannot be read. */
const JOURNAL_FORMAT = 3

/** The part of a model description that is kept. */
export function modelOf({ id, vocabularyHash, dtype, device }: AblationModel): AblationModel {
  return { id, vocabularyHash, dtype, device }
}

/** What every number depends on. */
export function numberSettings(options: CompleteOptions, model: AblationModel) {
  const { tuner, split, samples, selfBleuGroup, seed, truncation, oracleSamples } = options
  return { model, grid: tuner.grid, split, samples, selfBleuGroup, seed, truncation, oracleSamples }
}

/**
 * The settings that all records of a folder share. How many prompts and which strategies there are is none of them, so that they may grow; nor
 * is the tuner: what it predicts is told with each rollout, so that several tuners share what they have in common.
 */
export function journalSettings(options: CompleteOptions, model: AblationModel): object {
  const prompts = promptSettings(options)
  return {
    format: JOURNAL_FORMAT,
    ...numberSettings(options, model),
    // Left out where they say nothing, as in journals that were written before they were known.
    ...(Object.keys(prompts).length === 0 ? {} : { prompts }),
  }
}

/** How the prompts of tasks from data files were built, by task. */
function promptSettings({ tasks }: CompleteOptions): Record<string, object> {
  const settings = tasks.map(({ definition: { name, chat, maxSourceChars, splits } }) => {
    const given = Object.entries({ chat, maxSourceChars, splits }).filter(([, value]) => value !== undefined)
    return [name, Object.fromEntries(given)] as const
  })
  return Object.fromEntries(settings.filter(([, given]) => Object.keys(given).length > 0))
}
