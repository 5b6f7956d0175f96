import { edtAt } from './edt.js'
import type { Strategy } from './types.js'

/** EDT with what the tuner predicts for the prompt. */
export const learnedEdt: Strategy = {
  id: 'learned-edt',
  label: 'learned EDT',
  byDefault: true,
  ready: ({ tuner, features, truncation }) => ({
    setting: 'per prompt',
    samplingFor: ({ promptId }) => edtAt(tuner.predict(features.get(promptId)!), truncation),
  }),
}
