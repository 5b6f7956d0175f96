import type { FeatureGroup } from '../../src/features/types.js'
import type { Grid } from '../types.js'
import type { FitSpec } from './fit-spec.js'

/** What a study may ask of the run before it says what to compare. */
export interface StudyContext {
  tasks: readonly string[]
  groups: readonly FeatureGroup[]
  grid: Grid
  /** Samples a cell. */
  samples: number
  trainPrompts: number
  /** Seeds of the fits of a row. */
  seeds: readonly number[]
}

/** A tuner for the test prompts of each task: one for all, or one for each task. */
export type TunerOfTask = (task: string) => FitSpec

/** A row before it is judged. */
export interface RowPlan {
  label: string
  x?: number
  task?: string
  note?: string
  /** Fits with different seeds, or on different subsets; the row's numbers are means over them. */
  replicates: readonly TunerOfTask[]
}

export interface StudyPlan {
  question: string
  /** Label of the row that others are compared with. */
  reference: string
  axis?: { label: string; scale: 'linear' | 'log' }
  rows: RowPlan[]
}

/** One question to a run. Adding one is adding a file and a line in the table of studies. */
export interface Study {
  /** As it is called on the command line. */
  id: string
  title: string
  /** What to compare, or the reason for which this run cannot tell. */
  plan(context: StudyContext): StudyPlan | { impossible: string }
}

/** A row whose tuners differ from `edt fit` in one thing, the same for all tasks; one fit for each seed. */
export function plainRow(
  label: string,
  { seeds }: StudyContext,
  spec: Omit<FitSpec, 'seed'> = {},
  more: Pick<RowPlan, 'x' | 'note'> = {},
): RowPlan {
  return { label, ...more, replicates: seeds.map((seed) => () => ({ ...spec, seed })) }
}
