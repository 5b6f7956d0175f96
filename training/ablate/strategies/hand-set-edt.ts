import type { Cell } from '../../types.js'
import { edtAt } from './edt.js'
import { oneSetting } from './tuned.js'
import type { Strategy } from './types.js'

/** The starting point that the paper sets by hand (arXiv 2403.14541, §4). */
export const HAND_SET_CELL: Cell = { t0: 0.6, theta: 0.1 }

/** EDT with the paper's hand-set values. */
export const handSetEdt: Strategy = {
  id: 'hand-set-edt',
  label: 'hand-set EDT',
  byDefault: true,
  ready: ({ truncation }) => oneSetting(edtAt(HAND_SET_CELL, truncation)),
}
