import type { FeatureVector } from '../src/features/types.js'
import type { StrategySpec, Truncation } from '../src/sampling/types.js'
import type { BleuTokenizer, QualityMetric, SplitName } from '../src/tasks/types.js'
import type { Grid } from '../src/tuner/types.js'

export type { Cell, Grid, GridPosition } from '../src/tuner/types.js'

/** One prompt's mean quality and Self-BLEU on every cell of the grid. */
export interface PromptSurface {
  promptId: string
  task: string
  split: SplitName
  features: Float32Array
  /** 0–100, one value a cell. */
  quality: Float32Array
  /** 0–100, one value a cell. */
  selfBleu: Float32Array
}

/** All that `fit` needs: surfaces of finished prompts in a stable order (task, split, prompt id). */
export interface SurfaceSet {
  grid: Grid
  featureVersion: number
  featureNames: readonly string[]
  /** How quality and Self-BLEU were computed, per task. */
  signatures: Record<string, string>
  /** Samples a cell. */
  samples: number
  surfaces: PromptSurface[]
}

/** The samples of one prompt under one strategy. */
export interface RolloutSpec {
  strategy: StrategySpec
  truncation: Truncation
  /** How many samples. */
  samples: number
  /** Also return the first sample token by token. @default false */
  trace?: boolean
}

/** All rollouts of one prompt: one prefill, many rows. Plain data, so that it can travel to a worker process. */
export interface RolloutJob {
  promptId: string
  prompt: string
  /** Both prompts are a user's message: the worker puts the model's chat template around them. @default false */
  chat?: boolean
  /** Needed by strategies that compare with and without the source. */
  promptWithoutSource?: string
  references: string[]
  metric: QualityMetric
  tokenize: BleuTokenizer
  maxNewTokens: number
  stop: string[]
  rollouts: RolloutSpec[]
  /** Sample i draws from the stream (seed, ...streamKeys, i) in every rollout: common random numbers across cells. */
  seed: number
  streamKeys: string[]
  /** Self-BLEU is the mean over disjoint groups of this many samples. */
  selfBleuGroup: number
  /** Also return the prompt's feature vector. */
  wantFeatures: boolean
  /** Also return what drawing the samples took. @default false */
  measure?: boolean
}

export interface RolloutSample {
  text: string
  tokenCount: number
  stopReason: string
  meanEntropy: number
  meanTemperature: number
  /** 0–100. */
  quality: number
  /** Of the first sample, when it was asked for. */
  trace?: TracedToken[]
}

/** One token of a sample and what its step looked like. */
export interface TracedToken {
  text: string
  /** Nats. */
  entropy: number
  temperature: number
  /** With which it was drawn, 0–1. */
  probability: number
}

/** What drawing a job's samples took. */
export interface RolloutUsage {
  /** Time of prefills and decoding on the clock; scoring is not counted. */
  seconds: number
  /** Processor time that the process had meanwhile, all threads together. */
  processorSeconds: number
  /** New tokens of all rows that were decoded. */
  tokens: number
  /** Highest resident memory of the process so far. */
  peakMemoryBytes: number
  /** Most bytes of keys and values held at once, the prompt's included. */
  peakCacheBytes: number
}

export interface Rollout {
  /** Mean over the samples, 0–100. */
  quality: number
  /** 0–100; mean over disjoint groups of `selfBleuGroup` samples. */
  selfBleu: number
  /** Self-BLEU of each group, in sample order. */
  selfBleuGroups: number[]
  samples: RolloutSample[]
}

export interface RolloutResult {
  promptId: string
  promptTokenCount: number
  features?: FeatureVector
  /** In the order of the job's rollouts. */
  rollouts: Rollout[]
  qualitySignature: string
  selfBleuSignature: string
  /** When it was asked for. */
  usage?: RolloutUsage
}
