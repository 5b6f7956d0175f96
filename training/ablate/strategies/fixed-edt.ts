import type { Cell } from '../../types.js'
import type { AblationStrategy, Decoding } from './types.js'

/** The starting point that the paper sets by hand (arXiv 2403.14541, §4). */
export const HAND_SET_CELL: Cell = { t0: 0.6, theta: 0.1 }

/** EDT with the paper's hand-set values. */
export function handSetEdt(decoding: Decoding): AblationStrategy {
  return fixedEdt('hand-set-edt', 'hand-set EDT', HAND_SET_CELL, decoding)
}

/** EDT with the one cell that is best for all tasks together on the training prompts: the baseline of every comparison. */
export function bestFixedEdt(cell: Cell, decoding: Decoding): AblationStrategy {
  return fixedEdt('best-fixed-edt', 'best fixed EDT', cell, decoding)
}

function fixedEdt(id: string, label: string, { t0, theta }: Cell, decoding: Decoding): AblationStrategy {
  return {
    id,
    label,
    setting: `T0 ${t0}, θ ${theta}`,
    rolloutFor: () => ({ strategy: { name: 'edt', t0, theta }, ...decoding }),
  }
}
