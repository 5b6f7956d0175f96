import { edtAt } from './edt.js'
import { oneSetting } from './tuned.js'
import type { Strategy } from './types.js'

/**
 * EDT with the one cell that is best for all tasks together on the training prompts: the baseline of every comparison. Its cell comes from the
 * whole training store, where strategies that are tuned in the ablation see a part of those prompts.
 */
export const bestFixedEdt: Strategy = {
  id: 'best-fixed-edt',
  label: 'best fixed EDT',
  byDefault: true,
  ready: ({ tuner, truncation }) => oneSetting(edtAt(tuner.bestCells.fixed, truncation)),
}
