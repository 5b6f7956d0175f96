import type { FeatureVector } from '../../src/features/types.js'
import type { Truncation } from '../../src/sampling/types.js'
import type { Example, TaskDefinition } from '../../src/tasks/types.js'
import type { BestCells, MeanSurface, TaskReference } from '../surfaces/types.js'
import type { Cell, Grid } from '../types.js'
import type { EdaDifference, Interval } from './bootstrap.js'
import type { ShareOfHeadroom } from './headroom.js'

export type { BestCells, MeanSurface, TaskReference } from '../surfaces/types.js'

/** What the ablation needs to know of a tuner. */
export interface AblationTuner {
  /** Name or path, for people. */
  name: string
  /** Equal signatures mean equal predictions. */
  signature: string
  grid: Grid
  references: Readonly<Record<string, TaskReference>>
  bestCells: BestCells
  /** Mean quality and Self-BLEU of each task's training prompts on every cell of the grid. */
  meanSurfaces: Readonly<Record<string, Omit<MeanSurface, 'source'>>>
  /** Smallest and largest balance that `predict` takes; equal where there is only one. */
  balanceRange: readonly [number, number]
  /** @param options.balance weight of quality in EDA_w, inside `balanceRange`; EDA's own balance when it is left out */
  predict(features: FeatureVector, options?: { balance?: number }): Cell
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
  /** Training prompts that strategies were tuned on, over all tasks, and samples of each setting and prompt. */
  tuning?: { prompts: number; samples: number }
  /** Prompts of the curves, over all tasks. */
  curvePrompts?: number
  /** Prompts of the timing pass. */
  timingPrompts?: number
  /** How quality, Self-BLEU, corpus BLEU and distinct-2 were computed, by task. */
  signatures: Record<string, TaskSignatures>
  versions: Record<string, string>
}

export interface TaskSignatures {
  quality: string
  selfBleu: string
  /** Only for tasks whose metric is BLEU. */
  corpusBleu?: string
  distinct1: string
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

/** What choosing a strategy's settings has cost. */
export interface Tuning {
  /** Settings that were tried. */
  settings: number
  /** Training prompts that they were tried on. */
  prompts: number
  /** Samples drawn in all: settings × prompts × samples each. A KLD sample decodes twice. */
  samples: number
  /** Corpus EDA of the chosen setting on those prompts; optimistic, since it was chosen there. */
  eda: number
}

/** How fast a strategy is and what it holds in memory, from a pass in which it ran alone (see timing.ts). */
export interface Cost {
  /** New tokens a second of processor time (of the clock's on devices other than the CPU), all samples of a prompt in one batch. */
  tokensPerSecond: number
  /** `tokensPerSecond` over that of the fixed temperature on the same prompts; absent without that strategy. */
  relativeSpeed?: number
  /** Highest resident memory of a process that ran this strategy alone, the model included. */
  peakMemoryBytes: number
  /** Most bytes of keys and values held at once, the prompt's included. */
  peakCacheBytes: number
}

/** One strategy's EDA against another's. */
export interface Versus extends EdaDifference {
  /** `p` corrected by Holm's method (1979) for all strategies that are compared with the same one in the same scope. */
  pHolm: number
}

/** The costs are there over all tasks only, and only when the timing pass was asked for. */
export interface StrategyResult extends Scores, Partial<Cost> {
  id: string
  label: string
  /** The numbers of the strategy, e.g. `T0 1.3, θ 3`; empty where there are none. */
  setting: string
  /** How the setting was found; absent where it was not tuned in this ablation. */
  tuning?: Tuning
  /** BLEU of all samples as one corpus, 0–100; only in tasks whose metric is BLEU (`quality` is the mean sentence BLEU). */
  corpusBleu?: number
  /** Mean over prompts of distinct-1 of the prompt's samples, 0–1. */
  distinct1: number
  /** Mean over prompts of distinct-2 of the prompt's samples, 0–1. */
  distinct2: number
  /** Mean tokens a sample. */
  length: number
  /** Mean over samples of the sample's mean temperature. */
  temperature: number
  /** Mean over samples of the sample's mean entropy, nats. */
  entropy: number
  /** EDA against other strategies, by their id. */
  versus: Record<string, Versus>
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
  /** The first sample token by token. */
  tokens: ExampleToken[]
}

export interface ExampleToken {
  text: string
  /** Nats. */
  entropy: number
  temperature: number
  /** With which it was drawn, after temperature and truncation, 0–1. */
  probability: number
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

/** One setting of a swept parameter. */
export interface CurvePoint extends Pick<Scores, 'quality' | 'selfBleu'> {
  /** The balance (0.1 … 0.9) or the temperature. */
  parameter: number
  /** The setting, e.g. `T 0.8` or `T0 1.3, θ 3`; of the learned curve `balance 0.3`. */
  setting: string
  /** `100 · sqrt(w ((Q* − Q) / Q*)² + (1 − w) (D / D*)²)` at the point's own balance w; absent on the curve of temperatures. */
  edaW?: Estimate
}

/** What quality and Self-BLEU do while one parameter is swept. */
export interface Curve {
  id: 'learned-edt' | 'fixed-edt' | 'fixed-temperature'
  label: string
  parameter: 'balance' | 'temperature'
  /** Ascending in the parameter. */
  points: CurvePoint[]
}

/** How far the learned curve lies above another one. */
export interface CurveArea {
  /** The other curve. */
  against: Curve['id']
  /**
   * Area between the two curves, quality over Self-BLEU in percent of Q* and D*, divided by the width of the common range: the mean gain
   * in quality (percent of Q*) at equal Self-BLEU. Above zero the learned curve lies higher.
   */
  area: Estimate
  /** Two-sided, for "there is no area between them". */
  p: number
  /** The range of Self-BLEU that both curves cover, in percent of D*. */
  range: Interval
}

/** Does a measure rise from each balance to the next? */
export interface Monotonicity {
  /** True when no step goes down. */
  rises: boolean
  /** True when no step goes down by more than chance: no step's 95 % interval lies below zero. */
  risesWithinIntervals: boolean
  /** The step that rises least (or falls most), in percent of Q* or D*. */
  smallestStep: Estimate
}

/** The curves of one task, or of all tasks together. */
export interface ScopeCurves {
  prompts: number
  curves: Curve[]
  /** Empty without a learned curve. */
  areas: CurveArea[]
  /** Of the learned curve in balance; absent without one. */
  monotonicity?: { quality: Monotonicity; selfBleu: Monotonicity }
}

/** Everything an ablation found, as plain JSON. */
export interface AblationResult {
  formatVersion: 2
  settings: AblationSettings
  overall: ScopeResult
  tasks: Record<string, ScopeResult>
  /** Quality against Self-BLEU along the balance; absent when it was not asked for. */
  curves?: { overall: ScopeCurves; tasks: Record<string, ScopeCurves> }
  bestCells: BestCells
  surfaces: Record<string, MeanSurface>
  predictions: Prediction[]
  examples: WorkedExample[]
  /** Keys of prompts left out because they do not fit into the model's context. */
  skipped: string[]
}
