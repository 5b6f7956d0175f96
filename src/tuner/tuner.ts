import { createHash } from 'node:crypto'
import type { LayersModel, Tensor2D } from '@tensorflow/tfjs'
import { EdtError } from '../errors.js'
import { extractFeatures, observePrompt } from '../features/index.js'
import type { FeatureVector } from '../features/types.js'
import { encodePrompt } from '../lm/chat.js'
import type { ChatMessage, LanguageModel } from '../lm/types.js'
import { type Backend, type BackendName, selectBackend } from './backend.js'
import { type Baseline, balanceInput, baselineOf, checkBalance, defaultBalance, takesBalance } from './balance.js'
import { type CellBounds, checkBounds, clampCell } from './bounds.js'
import { readCheckpoint } from './checkpoint.js'
import { CheckpointError, CheckpointMismatchError } from './errors.js'
import { checkFeatureVersion, FeatureOrder } from './feature-order.js'
import { cellAt } from './grid.js'
import type { TunerMetadata } from './metadata.js'
import { type DenseLayer, forward } from './mlp.js'
import { denseLayers, MODEL_FILE, modelFilesHandler } from './model-files.js'
import { normalize } from './normalize.js'
import { findCheckpoint } from './shipped.js'
import type { Cell, Grid, Normalization } from './types.js'

export interface LoadTunerOptions {
  /**
   * Evaluate the network with TensorFlow.js on this backend instead of in plain JavaScript. The results agree to 1e-5; plain JavaScript is
   * faster for one prompt and starts at once. @default undefined: plain JavaScript @example 'wasm'
   */
  backend?: BackendName | 'auto'
}

/** What a user may ask of a prediction. */
export interface PredictOptions extends CellBounds {
  /**
   * How much quality counts against diversity, as the weight w of quality in
   * EDA_w = 100 · √(w ((Q* − Q) / Q*)² + (1 − w) (D / D*)²). Inside the tuner's `balanceRange`.
   * @default 0.5, which is EDA, or the only balance that the tuner was trained for @example 0.8
   */
  balance?: number
}

/** T0 and θ for one prompt, what they were asked for, and the features that they were chosen from. */
export interface TunerConfiguration extends Cell {
  /** The balance in force. */
  balance: number
  features: FeatureVector
}

/**
 * Loads a tuner from a checkpoint folder.
 * @param checkpoint a folder with tuner.json, or one that ships, such as `debian-6m/universal`
 *
 * @throws {@link CheckpointError} when the folder or a file is missing, cut off, changed or not understood
 * @throws {@link FeatureMismatchError} when it was trained with another version of the features
 * @throws {@link BackendUnavailableError} when a backend was asked for that does not work here
 * @example const tuner = await loadTuner('debian-6m/universal')
 */
export async function loadTuner(checkpoint: string, { backend }: LoadTunerOptions = {}): Promise<Tuner> {
  const path = await findCheckpoint(checkpoint)
  const { metadata, files } = await readCheckpoint(path)
  checkFeatureVersion(path, metadata.features)
  const layers = denseLayers(files, `${path}/${MODEL_FILE}`)
  if (layers[0].inputs !== inputWidth(metadata) || layers[layers.length - 1].units !== 2) {
    const wanted = `${metadata.features.names.length} features${takesBalance(metadata.balance) ? ' and a balance' : ''}`
    const problem = `the network maps ${layers[0].inputs} inputs to ${layers[layers.length - 1].units} outputs, but tuner.json names ${wanted}, and 2 outputs are needed (T0, θ).`
    throw new CheckpointError(path, undefined, problem)
  }
  if (backend === undefined) return new Tuner(path, metadata, layers)
  const selected = await selectBackend(backend)
  const network = await selected.tf.loadLayersModel(modelFilesHandler(files))
  return new Tuner(path, metadata, layers, { ...selected, network })
}

/** Features, and the balance where the network takes one. */
function inputWidth({ features, balance }: TunerMetadata): number {
  return features.names.length + (takesBalance(balance) ? 1 : 0)
}

/** A trained network: features of a prompt in, (T0, θ) for that prompt out. Made by `loadTuner`. */
export class Tuner {
  readonly #order: FeatureOrder
  readonly #normalization: Normalization
  readonly #baseline: Baseline
  #disposed = false

  constructor(
    /** The checkpoint's folder. */
    readonly path: string,
    readonly metadata: TunerMetadata,
    readonly layers: readonly DenseLayer[],
    private readonly reference?: Backend & { network: LayersModel },
  ) {
    const { features, grid, balance } = metadata
    this.#baseline = baselineOf(grid, balance.baseline)
    this.#order = new FeatureOrder(path, features)
    this.#normalization = { means: Float32Array.from(features.means), stds: Float32Array.from(features.stds) }
  }

  get name(): string {
    return this.metadata.tunerName
  }

  /** Equal signatures mean equal predictions. */
  get signature(): string {
    const { weights, features, grid, balance } = this.metadata
    const scale = [grid, balance.range, balance.baseline, features.names, features.means, features.stds]
    const digest = createHash('sha256').update(weights.sha256).update(JSON.stringify(scale)).digest('hex')
    return `tuner|weights:${digest.slice(0, 16)}|features:v${features.version}:${features.groups.join('+')}`
  }

  get grid(): Grid {
    return this.metadata.grid
  }

  get references(): TunerMetadata['references'] {
    return this.metadata.references
  }

  get bestCells(): TunerMetadata['bestCells'] {
    return this.metadata.bestCells
  }

  get meanSurfaces(): TunerMetadata['meanSurfaces'] {
    return this.metadata.meanSurfaces
  }

  /** Smallest and largest balance that `predict` takes; equal for a tuner that was trained for one balance alone. */
  get balanceRange(): readonly [number, number] {
    return this.metadata.balance.range
  }

  /** The balance that holds when none is asked for: 0.5, or the only one that the tuner was trained for. */
  get defaultBalance(): number {
    return defaultBalance(this.metadata.balance)
  }

  /** What evaluates the network: `plain` JavaScript or a TensorFlow.js backend. */
  get backend(): BackendName | 'plain' {
    return this.reference?.name ?? 'plain'
  }

  /**
   * T0 and θ for one prompt, or for several, inside the ranges of the grid that the tuner was trained on and the bounds given.
   * @throws {FeatureMismatchError} when the features are not those that the tuner was trained on; {InvalidOptionError} for a balance that it
   * was not trained for, or bounds that allow nothing
   */
  predict(features: FeatureVector, options?: PredictOptions): Cell
  predict(features: readonly FeatureVector[], options?: PredictOptions): Cell[]
  predict(features: FeatureVector | readonly FeatureVector[], options: PredictOptions = {}): Cell | Cell[] {
    if (this.#disposed) throw new EdtError(`${this.path}: the tuner was disposed; load it again.`)
    if ('values' in features && 'version' in features) return this.#predictAll([features], options)[0]
    return this.#predictAll(features as readonly FeatureVector[], options)
  }

  /** @throws {CheckpointMismatchError} when the model's vocabulary is not that of the model that the tuner was trained for */
  checkModel(model: Pick<LanguageModel, 'id' | 'vocabularySize' | 'vocabularyHash'>): void {
    const { id, vocabularySize, vocabularyHash } = this.metadata.languageModel
    if (model.vocabularySize !== vocabularySize) {
      const [expected, found] = [`${vocabularySize} (${id})`, `${model.vocabularySize} (${model.id})`]
      throw new CheckpointMismatchError('vocabulary size', expected, found, this.path)
    }
    if (model.vocabularyHash !== vocabularyHash) {
      const [expected, found] = [`${vocabularyHash} (${id})`, `${model.vocabularyHash} (${model.id})`]
      throw new CheckpointMismatchError('vocabulary hash', expected, found, this.path)
    }
  }

  /**
   * Reads a prompt with the language model once and predicts its T0 and θ.
   * @param prompt a text, or a conversation for models with a chat template
   * @throws {CheckpointMismatchError} when the tuner was trained for another model; {ContextOverflowError} when the prompt is too long; as
   * `predict`
   * @example
   * const { t0, theta } = await tuner.configure(model, 'Summarize: …\nSummary:', { balance: 0.8 })
   */
  async configure(
    model: LanguageModel,
    prompt: string | readonly ChatMessage[],
    options: PredictOptions = {},
  ): Promise<TunerConfiguration> {
    this.checkModel(model)
    this.checkOptions(options)
    const { groups } = this.metadata.features
    const { text, tokenIds } = encodePrompt(model, prompt)
    const prefill = await model.prefill(tokenIds, { surprisals: groups.includes('surprisal') })
    const features = extractFeatures(observePrompt(text, prefill), groups)
    return { ...this.predict(features, options), balance: options.balance ?? this.defaultBalance, features }
  }

  /** @throws {InvalidOptionError} for a balance that the tuner was not trained for, or bounds that allow nothing */
  checkOptions(options: PredictOptions): void {
    checkBalance(options.balance ?? this.defaultBalance, this.metadata.balance)
    checkBounds(options)
  }

  /** Frees the network's memory. */
  dispose(): void {
    if (!this.#disposed) this.reference?.network.dispose()
    this.#disposed = true
  }

  #predictAll(vectors: readonly FeatureVector[], options: PredictOptions): Cell[] {
    this.checkOptions(options)
    const balance = options.balance ?? this.defaultBalance
    const width = inputWidth(this.metadata)
    const inputs = new Float32Array(vectors.length * width)
    for (const [i, vector] of vectors.entries()) {
      const picked = this.#order.pick(vector)
      normalize(picked, this.#normalization, inputs, i * width)
      if (width > picked.length) inputs[i * width + picked.length] = balanceInput(balance)
    }
    const steps = this.reference === undefined ? this.#plain(inputs, width) : this.#withTensorFlow(inputs, width)
    const start = this.#baseline(balance)
    return vectors.map((_, i) => {
      const place = { t0: start.t0 + steps[2 * i], theta: start.theta + steps[2 * i + 1] }
      return clampCell(cellAt(this.grid, place), options)
    })
  }

  #plain(inputs: Float32Array, width: number): Float32Array {
    const steps = new Float32Array((2 * inputs.length) / width)
    for (let i = 0; i < steps.length / 2; i++) {
      steps.set(forward(this.layers, inputs.subarray(i * width, (i + 1) * width)), 2 * i)
    }
    return steps
  }

  #withTensorFlow(inputs: Float32Array, width: number): Float32Array {
    const { tf, network } = this.reference!
    return tf.tidy(() => {
      const steps = network.predict(tf.tensor2d(inputs, [inputs.length / width, width])) as Tensor2D
      return steps.dataSync<'float32'>()
    })
  }
}
