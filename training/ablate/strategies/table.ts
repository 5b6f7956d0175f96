import { bestFixedEdt } from './best-fixed-edt.js'
import { bestFixedEdtPerTask } from './best-fixed-edt-per-task.js'
import { dynatemp } from './dynatemp.js'
import { edtSequence } from './edt-sequence.js'
import { fixedTemperature } from './fixed-temperature.js'
import { greedy } from './greedy.js'
import { handSetEdt } from './hand-set-edt.js'
import { kld } from './kld.js'
import { learnedEdt } from './learned-edt.js'
import { learnedEdtPerTask } from './learned-edt-per-task.js'
import { minP } from './min-p.js'
import { topNSigma } from './top-n-sigma.js'
import { topP } from './top-p.js'
import { tunedEdt } from './tuned-edt.js'
import type { Strategy } from './types.js'

/** Every strategy that can be asked for by name, in the order in which tables list them. A new one is one file and one line here. */
export const everyStrategy: readonly Strategy[] = [
  greedy,
  fixedTemperature,
  topP,
  minP,
  topNSigma,
  dynatemp,
  kld,
  handSetEdt,
  tunedEdt,
  edtSequence,
  bestFixedEdt,
  bestFixedEdtPerTask,
  learnedEdt,
  learnedEdtPerTask,
]
