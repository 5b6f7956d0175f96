import { edtAt } from './edt.js'
import type { Strategy } from './types.js'

/**
 * EDT with each task's own best cell on the training prompts. It has to be told the task of a prompt, as `learned-edt-per-task` has; with one
 * task it is the best fixed EDT.
 */
export const bestFixedEdtPerTask: Strategy = {
  id: 'best-fixed-edt-per-task',
  label: 'best fixed EDT per task',
  byDefault: true,
  lacks: ({ tuner }) => (Object.keys(tuner.references).length > 1 ? undefined : 'a tuner of several tasks'),
  ready: ({ tuner, truncation }) => ({
    setting: 'per task',
    samplingFor: ({ definition }) => edtAt(tuner.bestCells.perTask[definition.name], truncation),
  }),
}
