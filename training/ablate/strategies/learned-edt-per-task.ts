import { edtAt } from './edt.js'
import type { Strategy } from './types.js'

/** EDT with what a tuner predicts that was fitted on the prompt's task alone; it has to be told the task. */
export const learnedEdtPerTask: Strategy = {
  id: 'learned-edt-per-task',
  label: 'learned EDT per task',
  byDefault: false,
  lacks: ({ taskTuners, tasks }) => {
    if (!taskTuners) return "the run's store, which tuners of single tasks are fitted on"
    return tasks.length > 1 ? undefined : 'several tasks; of one task the tuner is its own'
  },
  ready: async ({ features, truncation, taskTuner, tasks }) => {
    const tuners = new Map<string, Awaited<ReturnType<typeof taskTuner>>>()
    for (const task of tasks) tuners.set(task, await taskTuner(task))
    return {
      setting: 'per prompt',
      samplingFor: ({ promptId, definition }) =>
        edtAt(tuners.get(definition.name)!.predict(features.get(promptId)!), truncation),
    }
  },
}
