import type { LayersModel, Tensor2D } from '@tensorflow/tfjs'
import { EdtError } from '../errors.js'
import { extractFeatures, observePrompt } from '../features/index.js'
import type { FeatureVector } from '../features/types.js'
import type { ChatMessage, LanguageModel } from '../lm/types.js'
import { type Backend, type BackendName, selectBackend } from './backend.js'
import { readCheckpoint } from './checkpoint.js'
import { CheckpointError, CheckpointMismatchError } from './errors.js'
import { checkFeatureVersion, FeatureOrder } from './feature-order.js'
import { cellAt } from './grid.js'
import type { TunerMetadata } from './metadata.js'
import { type DenseLayer, forward } from './mlp.js'
import { denseLayers, MODEL_FILE, modelFilesHandler } from './model-files.js'
import { normalize } from './normalize.js'
import type { Cell, Grid, Normalization } from './types.js'

export interface LoadTunerOptions {
  /**
   * Evaluate the network with TensorFlow.js on this backend instead of in plain JavaScript. The results agree to 1e-5; plain JavaScript is
   * faster for one prompt and starts at once. @default undefined: plain JavaScript @example 'wasm'
   */
  backend?: BackendName | 'auto'
}

/** T0 and θ for one prompt, and the features that they were chosen from. */
export interface TunerConfiguration extends Cell {
  features: FeatureVector
}

/**
 * Loads a tuner from a checkpoint folder.
 *
 * @throws {CheckpointError} when the folder or a file is missing, cut off, changed or not understood
 * @throws {FeatureMismatchError} when it was trained with another version of the features
 * @throws {BackendUnavailableError} when a backend was asked for that does not work here
 */
export async function loadTuner(path: string, { backend }: LoadTunerOptions = {}): Promise<Tuner> {
  const { metadata, files } = await readCheckpoint(path)
  checkFeatureVersion(path, metadata.features)
  const layers = denseLayers(files, `${path}/${MODEL_FILE}`)
  const width = metadata.features.names.length
  if (layers[0].inputs !== width || layers[layers.length - 1].units !== 2) {
    const problem = `the network maps ${layers[0].inputs} inputs to ${layers[layers.length - 1].units} outputs, but tuner.json names ${width} features and needs 2 (T0, θ).`
    throw new CheckpointError(path, undefined, problem)
  }
  if (backend === undefined) return new Tuner(path, metadata, layers)
  const selected = await selectBackend(backend)
  const network = await selected.tf.loadLayersModel(modelFilesHandler(files))
  return new Tuner(path, metadata, layers, { ...selected, network })
}

/** A trained network: features of a prompt in, (T0, θ) for that prompt out. Made by `loadTuner`. */
export class Tuner {
  readonly #order: FeatureOrder
  readonly #normalization: Normalization
  #disposed = false

  constructor(
    /** The checkpoint's folder. */
    readonly path: string,
    readonly metadata: TunerMetadata,
    readonly layers: readonly DenseLayer[],
    private readonly reference?: Backend & { network: LayersModel },
  ) {
    const { features } = metadata
    this.#order = new FeatureOrder(path, features)
    this.#normalization = { means: Float32Array.from(features.means), stds: Float32Array.from(features.stds) }
  }

  get name(): string {
    return this.metadata.tunerName
  }

  /** Equal signatures mean equal predictions. */
  get signature(): string {
    const { weights, features } = this.metadata
    return `tuner|weights:${weights.sha256.slice(0, 16)}|features:v${features.version}:${features.groups.join('+')}`
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

  /** What evaluates the network: `plain` JavaScript or a TensorFlow.js backend. */
  get backend(): BackendName | 'plain' {
    return this.reference?.name ?? 'plain'
  }

  /**
   * T0 and θ for one prompt, or for several, inside the ranges of the grid that the tuner was trained on.
   * @throws {FeatureMismatchError} when the features are not those that the tuner was trained on
   */
  predict(features: FeatureVector): Cell
  predict(features: readonly FeatureVector[]): Cell[]
  predict(features: FeatureVector | readonly FeatureVector[]): Cell | Cell[] {
    if (this.#disposed) throw new EdtError(`${this.path}: the tuner was disposed; load it again.`)
    if ('values' in features && 'version' in features) return this.#predictAll([features])[0]
    return this.#predictAll(features as readonly FeatureVector[])
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
   * @throws {CheckpointMismatchError} when the tuner was trained for another model; {ContextOverflowError} when the prompt is too long
   */
  async configure(model: LanguageModel, prompt: string | readonly ChatMessage[]): Promise<TunerConfiguration> {
    this.checkModel(model)
    const { groups } = this.metadata.features
    const text = typeof prompt === 'string' ? prompt : model.renderChat(prompt)
    const tokenIds = typeof prompt === 'string' ? model.encode(text) : model.encodeRendered(text)
    const prefill = await model.prefill(tokenIds, { surprisals: groups.includes('prefill') })
    const features = extractFeatures(observePrompt(text, prefill), groups)
    return { ...this.predict(features), features }
  }

  /** Frees the network's memory. */
  dispose(): void {
    if (!this.#disposed) this.reference?.network.dispose()
    this.#disposed = true
  }

  #predictAll(vectors: readonly FeatureVector[]): Cell[] {
    const width = this.metadata.features.names.length
    const inputs = new Float32Array(vectors.length * width)
    for (const [i, vector] of vectors.entries()) {
      normalize(this.#order.pick(vector), this.#normalization, inputs, i * width)
    }
    const positions = this.reference === undefined ? this.#plain(inputs, width) : this.#withTensorFlow(inputs, width)
    return vectors.map((_, i) => cellAt(this.grid, { t0: positions[2 * i], theta: positions[2 * i + 1] }))
  }

  #plain(inputs: Float32Array, width: number): Float32Array {
    const positions = new Float32Array((2 * inputs.length) / width)
    for (let i = 0; i < positions.length / 2; i++) {
      positions.set(forward(this.layers, inputs.subarray(i * width, (i + 1) * width)), 2 * i)
    }
    return positions
  }

  #withTensorFlow(inputs: Float32Array, width: number): Float32Array {
    const { tf, network } = this.reference!
    return tf.tidy(() => {
      const places = network.predict(tf.tensor2d(inputs, [inputs.length / width, width])) as Tensor2D
      return places.dataSync<'float32'>()
    })
  }
}
