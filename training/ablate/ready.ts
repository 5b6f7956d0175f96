import type { FeatureVector } from '../../src/features/types.js'
import type { RolloutSpec } from '../types.js'
import type { CompleteOptions } from './options.js'
import type { Strategy } from './strategies/index.js'
import type { Tuned } from './tune.js'
import type { AblationPrompt, Tuning } from './types.js'

/** A strategy as it is compared: its settings are known. */
export interface ComparedStrategy {
  id: string
  label: string
  setting: string
  tuning?: Tuning
  rolloutFor(prompt: AblationPrompt): RolloutSpec
}

/** Makes every strategy ready for the test prompts; tuners of single tasks are fitted here. */
export async function readyStrategies(
  strategies: readonly Strategy[],
  tuned: ReadonlyMap<string, Tuned>,
  features: ReadonlyMap<string, FeatureVector>,
  options: CompleteOptions,
): Promise<ComparedStrategy[]> {
  const { tuner, truncation, samples, taskTuner, onProgress, signal } = options
  const tasks = options.tasks.map(({ definition }) => definition.name)
  let fitted = 0
  const context = {
    ...{ tuner, tasks, truncation, features },
    taskTuner: async (task: string) => {
      signal?.throwIfAborted()
      onProgress?.({ phase: 'fitting', done: fitted, total: tasks.length })
      const own = await taskTuner!(task)
      onProgress?.({ phase: 'fitting', done: ++fitted, total: tasks.length })
      return own
    },
  }
  const compared: ComparedStrategy[] = []
  for (const strategy of strategies) {
    const found = tuned.get(strategy.id)
    const { setting, samplingFor } = await strategy.ready({ ...context, tuned: found?.setting })
    compared.push({
      id: strategy.id,
      label: strategy.label,
      setting,
      ...(found === undefined ? {} : { tuning: found.tuning }),
      rolloutFor: (prompt) => ({ ...samplingOnly(samplingFor(prompt)), samples }),
    })
  }
  return compared
}

/** Without the label that a setting carries. */
function samplingOnly({ strategy, truncation }: Pick<RolloutSpec, 'strategy' | 'truncation'>) {
  return { strategy, truncation }
}
