import type { Truncation } from '../../../src/sampling/types.js'
import { DEFAULT_GRID } from '../../collect/grid.js'
import type { Cell } from '../../types.js'
import { settingsOf } from './tuned.js'
import type { Setting } from './types.js'

/** EDT at one cell. */
export function edtAt({ t0, theta }: Cell, truncation: Truncation, name: 'edt' | 'edt-sequence' = 'edt'): Setting {
  return { label: `T0 ${t0}, θ ${theta}`, strategy: { name, t0, theta }, truncation }
}

/** All cells of the default grid. */
export function edtSettings(truncation: Truncation, name?: 'edt' | 'edt-sequence'): Setting[] {
  return settingsOf(DEFAULT_GRID.t0, DEFAULT_GRID.theta, (t0, theta) => edtAt({ t0, theta }, truncation, name))
}
