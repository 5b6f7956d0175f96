import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs'
import { z } from 'zod'
import { EdtError } from '../errors.js'
import { readBounded, readTextBounded } from '../files.js'
import { CheckpointError } from './errors.js'
import type { DenseLayer } from './mlp.js'

export const MODEL_FILE = 'model.json'
export const WEIGHTS_FILE = 'weights.bin'

/** Most bytes of weights.bin; the tuners that ship have 0.2 MB. */
const MAX_WEIGHTS_BYTES = 256 * 2 ** 20

/** The part of TF.js's layers-model format that a tuner's network uses: dense layers one after the other, float32 weights in one file. */
const modelFileSchema = z.looseObject({
  modelTopology: z.looseObject({
    class_name: z.literal('Sequential'),
    config: z.looseObject({
      layers: z
        .array(
          z.looseObject({
            class_name: z.literal('Dense'),
            config: z.looseObject({
              name: z.string(),
              units: z.int().positive(),
              activation: z.enum(['relu', 'linear']),
              use_bias: z.literal(true),
              /** Of the first layer alone. */
              batch_input_shape: z.tuple([z.null(), z.int().positive()]).optional(),
            }),
          }),
        )
        .min(1),
    }),
  }),
  weightsManifest: z.tuple([
    z.object({
      paths: z.tuple([z.literal(WEIGHTS_FILE)]),
      weights: z.array(
        z.looseObject({ name: z.string(), shape: z.array(z.int().min(0)), dtype: z.literal('float32') }),
      ),
    }),
  ]),
})

type ModelFile = z.infer<typeof modelFileSchema>

/** A network as it lies in a folder: TF.js's description of it and the bytes of its weights. */
export interface ModelFiles {
  model: ModelFile
  weights: Uint8Array
}

export interface WeightsDigest {
  bytes: number
  /** Hex. */
  sha256: string
}

/** Size and SHA-256 of a network's weights, as `tuner.json` holds them. */
export function digestWeights(weights: Uint8Array): WeightsDigest {
  return { bytes: weights.byteLength, sha256: sha256Of(weights) }
}

/** SHA-256 in hex. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** What both files of a network are known by. */
export interface ModelDigests {
  weights: WeightsDigest
  /** Of model.json. Early versions did not take it down. */
  modelSha256?: string
}

/** Writes `model.json` and `weights.bin` of a network that TF.js's `model.save(handler)` handed over, into a folder that exists. */
export async function writeModelFiles(folder: string, artifacts: io.ModelArtifacts): Promise<Required<ModelDigests>> {
  const { modelTopology, format, generatedBy, weightSpecs } = artifacts
  const weights = weightBytes(artifacts.weightData)
  const manifest = [{ paths: [WEIGHTS_FILE], weights: weightSpecs }]
  const model = { format, generatedBy, convertedBy: null, modelTopology, weightsManifest: manifest }
  const text = `${JSON.stringify(model, null, 2)}\n`
  await writeFile(join(folder, MODEL_FILE), text, { flush: true })
  await writeFile(join(folder, WEIGHTS_FILE), weights, { flush: true })
  return { weights: digestWeights(weights), modelSha256: sha256Of(text) }
}

/**
 * Reads them back. They are compared with what `tuner.json` says before anything looks at them.
 * @throws {CheckpointError} naming the file that is missing, cut off, changed or not understood
 */
export async function readModelFiles(
  folder: string,
  { weights: expected, modelSha256 }: ModelDigests,
): Promise<ModelFiles> {
  const weightsPath = join(folder, WEIGHTS_FILE)
  const weights = await readBounded(weightsPath, MAX_WEIGHTS_BYTES).catch((error) => unreadable(weightsPath, error))
  if (weights.byteLength !== expected.bytes) {
    const problem = `it holds ${weights.byteLength} bytes, but tuner.json says ${expected.bytes}; the file was cut off or replaced.`
    throw new CheckpointError(weightsPath, undefined, `${problem} Copy the checkpoint again or train a new one.`)
  }
  if (digestWeights(weights).sha256 !== expected.sha256) {
    const problem = 'its SHA-256 is not the one in tuner.json; the file was changed or damaged.'
    throw new CheckpointError(weightsPath, undefined, `${problem} Copy the checkpoint again or train a new one.`)
  }
  return { model: await readModelFile(join(folder, MODEL_FILE), modelSha256), weights }
}

/** The dense layers of a network, ready for `forward`. @throws {CheckpointError} when description and weights do not fit together */
export function denseLayers({ model, weights }: ModelFiles, path: string): DenseLayer[] {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>()
  const bytes = ownBuffer(weights)
  let offset = 0
  for (const { name, shape } of model.weightsManifest[0].weights) {
    const length = shape.reduce((product, size) => product * size, 1)
    if (offset + 4 * length > bytes.byteLength) {
      throw new CheckpointError(path, `weightsManifest.${name}`, `its weights go beyond the end of ${WEIGHTS_FILE}.`)
    }
    tensors.set(name, { shape, values: new Float32Array(bytes, offset, length) })
    offset += 4 * length
  }
  const { layers } = model.modelTopology.config
  let inputs = layers[0].config.batch_input_shape?.[1] ?? 0
  return layers.map(({ config: { name, units, activation } }) => {
    const kernel = tensors.get(`${name}/kernel`)
    const bias = tensors.get(`${name}/bias`)
    if (`${kernel?.shape}` !== `${[inputs, units]}` || `${bias?.shape}` !== `${units}`) {
      throw new CheckpointError(path, name, `expected a kernel of ${inputs} × ${units} and a bias of ${units} weights.`)
    }
    const layer = { kernel: kernel!.values, bias: bias!.values, inputs, units, activation }
    inputs = units
    return layer
  })
}

/** For `tf.loadLayersModel`, which has no way to read folders without a native package. */
export function modelFilesHandler({ model, weights }: ModelFiles): io.IOHandler {
  return {
    load: async () => ({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0].weights as io.WeightsManifestEntry[],
      weightData: ownBuffer(weights),
    }),
  }
}

/** A copy from byte 0 on. Node's small buffers lie anywhere in a shared one, and their `slice` copies nothing. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

async function readModelFile(path: string, sha256: string | undefined): Promise<ModelFile> {
  const text = await readTextBounded(path).catch((error) => unreadable(path, error))
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new CheckpointError(path, undefined, `it is no JSON: ${(error as Error).message}`)
  }
  const parsed = modelFileSchema.safeParse(content)
  if (parsed.success) {
    if (sha256 === undefined || sha256Of(text) === sha256) return parsed.data
    const problem = 'its SHA-256 is not the one in tuner.json; the file was changed or damaged.'
    throw new CheckpointError(path, undefined, `${problem} Copy the checkpoint again or train a new one.`)
  }
  const { path: field, message } = parsed.error.issues[0]
  throw new CheckpointError(
    path,
    field.join('.'),
    `${message}; a tuner is a stack of dense layers as edt-tuner writes it.`,
  )
}

export function unreadable(path: string, error: NodeJS.ErrnoException): never {
  if (error instanceof EdtError) throw error
  const problem = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.message})`
  throw new CheckpointError(
    path,
    undefined,
    `${problem}, but a checkpoint needs tuner.json, ${MODEL_FILE} and ${WEIGHTS_FILE}.`,
  )
}

function weightBytes(data: io.WeightData | undefined): Uint8Array {
  const parts = data instanceof ArrayBuffer ? [data] : (data ?? [])
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}
