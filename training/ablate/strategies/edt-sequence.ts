import { edtSettings } from './edt.js'
import { tunedStrategy } from './tuned.js'

/** EDT of the sequence: H is the running mean of the row's entropies in place of the token's own. To be compared with {@link tunedEdt}. */
export const edtSequence = tunedStrategy({
  id: 'edt-sequence',
  label: 'EDT per sequence',
  byDefault: false,
  settings: (truncation) => edtSettings(truncation, 'edt-sequence'),
})
