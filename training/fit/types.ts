import type { LayersModel } from '@tensorflow/tfjs'
import type { FeatureGroup } from '../../src/features/types.js'
import type { BackendName, BalancedCell } from '../../src/tuner/index.js'
import type { BestCells, MeanSurface, TaskReference } from '../surfaces/types.js'
import type { DenoiseOptions } from './denoise.js'
import type { PreparedSurfaces } from './prepare.js'

/** What the tuner sets for each prompt; the other stays at the best fixed cell's value. */
export type TunedAxes = 'both' | 't0' | 'theta'

export interface FitOptions {
  /** Which features the network reads. @default `prompt` and `text` @example ['prompt'] */
  groups?: readonly FeatureGroup[]
  /**
   * `any`: one tuner for every balance between quality and diversity (DESIGN §3). A number w from 0.05 to 0.95: a tuner for that one
   * alone; 0.5 is EDA. @default 'any'
   */
  balance?: 'any' | number
  /** @default 'both' */
  axes?: TunedAxes
  /** Units of each hidden layer of one member. @default [32, 32] */
  hidden?: readonly number[]
  /** Networks that are trained from different random weights and averaged. @default 4 */
  members?: number
  /** Most passes over the training prompts. @default 300 */
  epochs?: number
  /** Passes without a better validation EDA before training stops. @default 80 */
  patience?: number
  /** Of Adam. @default 0.001 */
  learningRate?: number
  /** Penalty on the squared kernels. @default 1e-5 */
  weightDecay?: number
  /** How the sampling noise is taken out of the training surfaces; false trains on them as they are. @default {} */
  denoise?: DenoiseOptions | false
  /** Same surfaces, options, seed and backend: same network. @default 0 */
  seed?: number
  /** TensorFlow.js backend. @default 'auto': gpu, node, wasm, cpu, the first that works */
  backend?: BackendName | 'auto'
  signal?: AbortSignal
  /** Called when training starts and after each validation. */
  onProgress?: (progress: FitProgress) => void
}

export interface FitProgress {
  epoch: number
  epochs: number
  /** Corpus EDA on the validation prompts, at the default balance. */
  validation: number
  bestValidation: number
}

/** The fixed cell that is best for a balance w on the training prompts, and corpus EDA_w (0–100, lower is better) on the validation prompts. */
export interface BalanceScore extends BalancedCell {
  /** Of this cell. */
  bestFixed: number
  /** Of the tuner when it is asked for this w. */
  learned: number
}

/** A trained network and all that a checkpoint says of it. */
export interface FitResult {
  network: LayersModel
  backend: BackendName
  features: Pick<PreparedSurfaces, 'groups' | 'names' | 'normalization'>
  references: Record<string, TaskReference>
  bestCells: BestCells
  /** Mean quality and Self-BLEU of each task's training prompts on every cell. */
  meanSurfaces: Record<string, MeanSurface>
  /** Corpus EDA on the validation prompts at the default balance, lower is better. `learned` is never above `bestFixed`. */
  validation: { prompts: number; bestFixed: number; learned: number }
  /** How the network takes a balance; the mean of the scores' `learned` is never above that of their `bestFixed`. */
  balance: { range: [number, number]; baseline: BalancedCell[]; scores: BalanceScore[] }
  /** True when no network did better than the best fixed cells, so that these are predicted for every prompt. */
  keptStart: boolean
  /** Epoch of the network that was kept; 0 is the start. */
  epoch: number
  /** Corpus EDA at the default balance, and on the validation prompts the mean EDA_w over the balances of the scores, too. */
  history: { epoch: number; train: number; validation: number; validationMean: number }[]
  /** Share of the variance between prompts that features predict for left-out prompts; undefined without denoising. */
  explained?: number
  /** All settings, also the defaults. */
  settings: Record<string, unknown>
}
