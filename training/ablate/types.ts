import type { FeatureVector } from '../../src/features/types.js'
import type { Truncation } from '../../src/sampling/types.js'
import type { Example, TaskDefinition } from '../../src/tasks/types.js'
import type { Cell, Grid } from '../types.js'
import type { EdaDifference, Interval } from './bootstrap.js'
import type { ShareOfHeadroom } from './headroom.js'

/** Q* and D* of a task: the highest mean quality and the highest mean Self-BLEU among the cells of the training grid, both > 0. */
export interface TaskReference {
  bestQuality: number
  worstSelfBleu: number
}

/** The settings without a tuner that do best on the training prompts. */
export interface BestCells {
  /** One cell for all tasks. */
  fixed: Cell
  /** One temperature for all tasks (θ = 0); undefined when the grid has no such cell. */
  fixedTemperature?: number
  /** One cell for each task. */
  perTask: Readonly<Record<string, Cell>>
}

/** What the ablation needs to know of a tuner. */
export interface AblationTuner {
  /** Name or path, for people. */
  name: string
  /** Equal signatures mean equal predictions. */
  signature: string
  grid: Grid
  references: Readonly<Record<string, TaskReference>>
  bestCells: BestCells
  predict(features: FeatureVector): Cell
}

/** A prompt of the split that the ablation runs on. */
export interface AblationPrompt {
  /** Key of the prompt, `task/split/id`. */
  promptId: string
  definition: TaskDefinition
  example: Example
}

/** The language model of an ablation, as settings and reports name it. */
export interface AblationModel {
  id: string
  vocabularyHash: string
  dtype: string
  device: string
}

/** All that decides the numbers of an ablation, and what they were made with. */
export interface AblationSettings {
  model: AblationModel
  tuner: { name: string; signature: string }
  grid: Grid
  references: Record<string, TaskReference>
  split: string
  /** Prompts by task. */
  prompts: Record<string, number>
  /** Samples a prompt and strategy. */
  samples: number
  /** n of Self-BLEU: the mean over disjoint groups of this many samples. */
  selfBleuGroup: number
  seed: number
  truncation: Truncation
  /** Samples a prompt and cell for the oracle, half to choose and half to score. */
  oracleSamples: number
  /** Resamples of the bootstrap. */
  resamples: number
  /** How quality, Self-BLEU, corpus BLEU and distinct-2 were computed, by task. */
  signatures: Record<string, TaskSignatures>
  versions: Record<string, string>
}

export interface TaskSignatures {
  quality: string
  selfBleu: string
  /** Only for tasks whose metric is BLEU. */
  corpusBleu?: string
  distinct2: string
}

/** A number with its 95 % interval. */
export interface Estimate {
  value: number
  interval: Interval
}

/** Corpus scores of one strategy. */
export interface Scores {
  /** In a task: mean Q, 0–100. Over all tasks: mean of 100 · Q / Q*. */
  quality: Estimate
  /** In a task: mean D, 0–100. Over all tasks: mean of 100 · D / D*. */
  selfBleu: Estimate
  eda: Estimate
}

export interface StrategyResult extends Scores {
  id: string
  label: string
  /** The numbers of the strategy, e.g. `T0 1.3, θ 3`; empty where there are none. */
  setting: string
  /** BLEU of all samples as one corpus, 0–100; only in tasks whose metric is BLEU (`quality` is the mean sentence BLEU). */
  corpusBleu?: number
  /** Mean over prompts of distinct-2 of the prompt's samples, 0–1. */
  distinct2: number
  /** Mean tokens a sample. */
  length: number
  /** Mean over samples of the sample's mean temperature. */
  temperature: number
  /** Mean over samples of the sample's mean entropy, nats. */
  entropy: number
  /** EDA against other strategies, by their id. */
  versus: Record<string, EdaDifference>
}

/** What per-prompt settings could gain, from the oracle's own rollouts; the three strategies on the same prompts and samples. */
export interface HeadroomResult extends ShareOfHeadroom {
  prompts: number
  bestFixed: Scores
  learned: Scores
  /** Chosen on one half of the samples and scored on the other, the two ways averaged. */
  oracle: Scores
  /** EDA of the oracle scored on the samples it was chosen on: mostly noise, shown so that nobody takes it for the oracle. */
  optimisticEda: number
}

/** The results on one task, or on all of them together. */
export interface ScopeResult {
  prompts: number
  /** What EDA is relative to; over all tasks 100 and 100, since Q and D are percent of their task's Q* and D* there. */
  reference: TaskReference
  strategies: StrategyResult[]
  /** Absent when the oracle was not asked for, or got fewer than two prompts. */
  headroom?: HeadroomResult
}

/** Mean quality and Self-BLEU of one task on every cell of the grid. */
export interface MeanSurface {
  /** `training`: the surfaces the tuner was trained on; `oracle`: the oracle's rollouts on held-out prompts. */
  source: 'training' | 'oracle'
  prompts: number
  /** 0–100, one number a cell. */
  quality: number[]
  /** 0–100, one number a cell. */
  selfBleu: number[]
}

/** What the tuner chose for one prompt. */
export interface Prediction extends Cell {
  promptId: string
  task: string
}

/** Samples of one prompt under one strategy, for people to read. */
export interface ExampleRollout {
  label: string
  setting: string
  texts: string[]
  quality: number
  selfBleu: number
}

export interface WorkedExample {
  promptId: string
  task: string
  /** Why this prompt is shown, e.g. `lowest predicted T0`. */
  reason: string
  prompt: string
  reference: string
  learned: ExampleRollout
  compared: ExampleRollout
}

/** Everything an ablation found, as plain JSON. */
export interface AblationResult {
  formatVersion: 1
  settings: AblationSettings
  overall: ScopeResult
  tasks: Record<string, ScopeResult>
  bestCells: BestCells
  surfaces: Record<string, MeanSurface>
  predictions: Prediction[]
  examples: WorkedExample[]
  /** Keys of prompts left out because they do not fit into the model's context. */
  skipped: string[]
}
