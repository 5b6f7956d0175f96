import type { EdaDifference } from '../ablate/bootstrap.js'
import type { Estimate, Versus } from '../ablate/types.js'
import type { TaskReference } from '../surfaces/index.js'
import type { Cell, Grid } from '../types.js'
import type { SharedFitSettings } from './fit-spec.js'

/** Everything that `edt study` found so far, as plain JSON: `RUN/studies/studies.json`. */
export interface StudiesResult {
  formatVersion: 1
  settings: StudySettings
  /** In the order in which `edt study all` makes them; those that were asked for so far. */
  studies: StudyResult[]
  /** Studies that this run cannot make, and why: e.g. one that needs several tasks. */
  leftOut: { id: string; reason: string }[]
}

/** All that decides the numbers of the studies. */
export interface StudySettings {
  /** The run's folder, as it was given. */
  run: string
  /** Id of the language model whose samples the run holds. */
  model: string
  grid: Grid
  /** Samples a cell in the run. */
  samples: number
  /** n of Self-BLEU on the test prompts. */
  selfBleuGroup: number
  /** Q* and D* by task: the highest means over the run's training prompts on the grid. The same for all rows of all studies. */
  references: Record<string, TaskReference>
  /** How quality and Self-BLEU were computed, by task. */
  signatures: Record<string, string>
  /** Prompts by split and task: those that tuners learn from (`train`, `validation`) and those that they are judged on (`test`). */
  prompts: Record<'train' | 'validation' | 'test', Record<string, number>>
  /** Of the choice of subsets, the fits and the bootstrap. */
  seed: number
  /** Fits of each row, with seeds of their own; a row's numbers are the means over them. */
  fits: number
  /** Settings of every fit unless its row says otherwise, e.g. `members`. */
  fit: SharedFitSettings
  /** Resamples of the bootstrap. */
  resamples: number
  versions: Record<string, string>
}

/** One question, answered by tuners that differ in one thing. */
export interface StudyResult {
  /** @example 'training-prompts' */
  id: string
  /** @example 'Number of training prompts' */
  title: string
  /** One sentence for readers: what is compared, and how. */
  question: string
  /** Label of the row that others are compared with; where rows have a task, the row of the same task. */
  reference: string
  /** For learning curves: the rows carry `x`. */
  axis?: { label: string; scale: 'linear' | 'log' }
  rows: StudyRow[]
}

/** One kind of tuner, judged on held-out test prompts whose whole grid was sampled. */
export interface StudyRow {
  label: string
  /** Place on the study's axis. */
  x?: number
  /** Judged on this task's test prompts alone; absent: on those of all tasks. */
  task?: string
  /** Test prompts that it was judged on. */
  prompts: number
  /** Prompts that one of its tuners learned from, on average; validation prompts not counted. */
  trainPrompts: number
  /** Corpus EDA, lower is better: mean over the row's fits, with the interval over prompts. */
  eda: Estimate
  /** In a task: mean Q, 0–100. Over all tasks: mean of 100 · Q / Q*. */
  quality: Estimate
  /** In a task: mean D, 0–100. Over all tasks: mean of 100 · D / D*. */
  selfBleu: Estimate
  /** Corpus EDA of each fit: how much they scatter. */
  edaOfFits: number[]
  /**
   * This row's EDA minus that of the reference row, on the same prompts; absent on the reference row itself. `pHolm` is corrected for all
   * rows of the study that are judged on these prompts.
   */
  versusReference?: Versus
  /** Corpus EDA of the best fixed EDT found on the prompts that the row's tuner learned from, on the same test prompts. */
  bestFixed: Estimate
  /** That setting; several when it differs between the row's fits, or between tasks that have tuners of their own. */
  bestFixedCells: Cell[]
  /** This row's EDA minus `bestFixed`. */
  versusBestFixed: EdaDifference
  note?: string
}
