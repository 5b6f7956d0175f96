import { edtSettings } from './edt.js'
import { tunedStrategy } from './tuned.js'

/** The best fixed EDT as every other strategy is tuned: on the same few prompts, where the baseline has seen the whole training store. */
export const tunedEdt = tunedStrategy({
  id: 'tuned-edt',
  label: 'EDT, same budget',
  byDefault: false,
  settings: (truncation) => edtSettings(truncation),
})
