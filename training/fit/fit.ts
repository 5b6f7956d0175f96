import type { LayersModel, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs'
import { EdtError } from '../../src/errors.js'
import type { FeatureGroup } from '../../src/features/types.js'
import { type Backend, type BackendName, cellCount, positionOf, selectBackend } from '../../src/tuner/index.js'
import { buildNetwork, clipToGrid } from '../../src/tuner/network.js'
import { bestCells, meanSurfaces } from '../surfaces/mean-surface.js'
import type { BestCells, TaskReference } from '../surfaces/types.js'
import type { GridPosition, SurfaceSet } from '../types.js'
import { DENOISE_DEFAULTS, type DenoiseOptions, denoiseSurfaces } from './denoise.js'
import { averageNetwork } from './ensemble.js'
import { corpusEdaAt, corpusEdaLoss, surfaceTensors } from './objective.js'
import { type PreparedSurfaces, prepareSurfaces } from './prepare.js'

export interface FitOptions {
  /** Which features the network reads. @default all groups @example ['prompt'] */
  groups?: readonly FeatureGroup[]
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
  /** Corpus EDA on the validation prompts. */
  validation: number
  bestValidation: number
}

/** A trained network and all that a checkpoint says of it. */
export interface FitResult {
  network: LayersModel
  backend: BackendName
  features: Pick<PreparedSurfaces, 'groups' | 'names' | 'normalization'>
  references: Record<string, TaskReference>
  bestCells: BestCells
  /** Corpus EDA on the validation prompts, lower is better. `learned` is never above `bestFixed`. */
  validation: { prompts: number; bestFixed: number; learned: number }
  /** True when no network did better than the best fixed cell, so that this cell is predicted for every prompt. */
  keptStart: boolean
  /** Epoch of the network that was kept; 0 is the start. */
  epoch: number
  history: { epoch: number; train: number; validation: number }[]
  /** Share of the variance between prompts that features predict for left-out prompts; undefined without denoising. */
  explained?: number
  /** All settings, also the defaults. */
  settings: Record<string, unknown>
}

const VALIDATE_EVERY = 5

/**
 * Trains a network to (T0, θ) on the surfaces of a store (DESIGN §3 "Training"): corpus EDA over all prompts, each in units of its own task's
 * Q* and D*, is minimised by gradient descent through the surfaces. Training starts exactly at the best fixed cell and stops by the
 * validation prompts; what comes out is never worse than the best fixed cell on them.
 *
 * @throws {InvalidOptionError} for too few prompts; {BackendUnavailableError}; the signal's reason when aborted
 */
export async function fitTuner(set: SurfaceSet, options: FitOptions = {}): Promise<FitResult> {
  const settings = { ...defaults, ...withoutUndefined(options) }
  const { seed, members, hidden, epochs, patience, learningRate, weightDecay, signal, onProgress } = settings
  const prepared = prepareSurfaces(set, options.groups)
  const means = meanSurfaces(prepared.train, 'training')
  const references = Object.fromEntries(
    Object.entries(means).map(([task, { quality, selfBleu }]) => [
      task,
      { bestQuality: Math.max(...quality), worstSelfBleu: Math.max(...selfBleu) },
    ]),
  )
  checkReferences(references, prepared)
  const best = bestCells(set.grid, means, references)
  const start = positionOf(set.grid, best.fixed)
  const backend = await selectBackend(settings.backend)
  const { tf } = backend
  const denoised =
    settings.denoise === false
      ? undefined
      : denoiseSurfaces({ ...set, surfaces: prepared.train }, prepared.trainFeatures, settings.denoise)
  const surfaces = surfaceTensors(tf, denoised?.surfaces ?? prepared.train, references)
  const width = prepared.names.length
  const trainInput = matrix(backend, prepared.trainFeatures, width)
  const validationInput = matrix(backend, prepared.validationFeatures, width)
  const shape = { featureCount: width, hidden, start }
  const networks = Array.from({ length: members }, (_, member) =>
    buildNetwork(tf, { ...shape, seed: seed * 100 + member }),
  )
  const optimizers = networks.map(() => tf.train.adam(learningRate))
  const lengths = [set.grid.t0.length, set.grid.theta.length] as const

  const scoreOf = (input: Tensor2D, of: PreparedSurfaces['train']) =>
    corpusEdaAt(of, meanPositions(backend, networks, input), set.grid, references)
  const bestFixed = scoreOf(validationInput, prepared.validation)
  const history = [{ epoch: 0, train: scoreOf(trainInput, prepared.train), validation: bestFixed }]
  let kept = { epoch: 0, validation: bestFixed, weights: networks.map(copyWeights) }
  onProgress?.({ epoch: 0, epochs, validation: bestFixed, bestValidation: bestFixed })
  for (let epoch = 1; epoch <= epochs && epoch - kept.epoch <= patience; epoch++) {
    signal?.throwIfAborted()
    networks.forEach((network, i) => {
      const variables = network.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val)
      optimizers[i].minimize(
        () => {
          const positions = clipToGrid(tf, network.apply(trainInput, { training: true }) as Tensor2D, lengths)
          const loss = corpusEdaLoss(tf, positions, surfaces, set.grid)
          const kernels = variables.filter((variable) => variable.rank === 2)
          return tf.add(loss, tf.mul(weightDecay, tf.addN(kernels.map((kernel) => tf.sum(tf.square(kernel))))))
        },
        false,
        variables,
      )
    })
    if (epoch % VALIDATE_EVERY !== 0) continue
    const validation = scoreOf(validationInput, prepared.validation)
    history.push({ epoch, train: scoreOf(trainInput, prepared.train), validation })
    if (validation < kept.validation) {
      for (const weights of kept.weights) tf.dispose(weights)
      kept = { epoch, validation, weights: networks.map(copyWeights) }
    }
    onProgress?.({ epoch, epochs, validation, bestValidation: kept.validation })
    // Training is synchronous; progress, Ctrl-C and other work need a turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  networks.forEach((network, i) => {
    restoreWeights(network, kept.weights[i])
  })
  const network = averageNetwork(tf, networks, shape)
  tf.dispose([surfaces.quality, surfaces.selfBleu, trainInput, validationInput, ...kept.weights.flat()])
  for (const each of networks) each.dispose()
  for (const each of optimizers) each.dispose()
  const { signal: _signal, onProgress: _onProgress, ...plainSettings } = settings
  return {
    network,
    backend: backend.name,
    features: { groups: prepared.groups, names: prepared.names, normalization: prepared.normalization },
    references,
    bestCells: best,
    validation: { prompts: prepared.validation.length, bestFixed, learned: kept.validation },
    keptStart: kept.epoch === 0,
    epoch: kept.epoch,
    history,
    ...(denoised === undefined ? {} : { explained: denoised.explained }),
    settings: {
      ...plainSettings,
      denoise: settings.denoise === false ? false : { ...DENOISE_DEFAULTS, ...settings.denoise },
      backend: backend.name,
      groups: prepared.groups,
      epoch: kept.epoch,
      trainPrompts: prepared.train.length,
      cells: cellCount(set.grid),
      ...(denoised === undefined ? {} : { penalty: denoised.penalty, explained: denoised.explained }),
    },
  }
}

/** EDA divides by Q* and D*, and a task that is validated must have been trained on. */
function checkReferences(references: Record<string, TaskReference>, { validation }: PreparedSurfaces): void {
  for (const [task, { bestQuality, worstSelfBleu }] of Object.entries(references)) {
    if (bestQuality > 0 && worstSelfBleu > 0) continue
    const what = bestQuality > 0 ? 'Self-BLEU' : 'quality'
    throw new EdtError(
      `The ${what} of every sample of the task ${task} is 0, so that nothing can be learned from it. Check its references and its metric, or leave it out.`,
    )
  }
  const unknown = validation.find(({ task }) => references[task] === undefined)
  if (unknown !== undefined) {
    throw new EdtError(
      `The task ${unknown.task} has validation prompts, but no training prompts. Collect some, or leave it out.`,
    )
  }
}

const defaults = {
  hidden: [32, 32] as readonly number[],
  members: 4,
  epochs: 300,
  patience: 80,
  learningRate: 1e-3,
  weightDecay: 1e-5,
  denoise: {} as DenoiseOptions | false,
  seed: 0,
  backend: 'auto' as BackendName | 'auto',
}

/** An option given as undefined means its default. */
function withoutUndefined(options: FitOptions): FitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function matrix({ tf }: Backend, rows: readonly Float32Array[], width: number): Tensor2D {
  const values = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    values.set(row, i * width)
  })
  return tf.tensor2d(values, [rows.length, width])
}

/** Where the average of the networks puts each prompt. */
function meanPositions({ tf }: Backend, networks: readonly LayersModel[], input: Tensor2D): GridPosition[] {
  const values = tf.tidy(() => {
    const outputs = networks.map((network) => network.predict(input) as Tensor2D)
    return tf.div(tf.addN(outputs), networks.length).dataSync<'float32'>()
  })
  return Array.from({ length: values.length / 2 }, (_, i) => ({ t0: values[2 * i], theta: values[2 * i + 1] }))
}

function copyWeights(network: LayersModel): Tensor[] {
  return network.getWeights().map((weight) => weight.clone())
}

function restoreWeights(network: LayersModel, weights: Tensor[]): void {
  network.setWeights(weights)
}
