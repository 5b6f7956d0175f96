import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AutoModelForCausalLM, AutoTokenizer, env, type PreTrainedModel, Tensor } from '@huggingface/transformers'
import { describeValue, EdtError, InvalidOptionError, recogniseOutOfMemory } from '../errors.js'
import { checkModelFiles } from './check-files.js'
import { ModelLoadError } from './errors.js'
import { OnnxLanguageModel } from './model.js'
import {
  checkDtype,
  checkFolder,
  DTYPE_SUFFIX,
  type Dtype,
  type ModelSource,
  onlyDtype,
  resolveModel,
} from './resolve.js'
import { cacheShape, type OrtSession, type TensorFactory } from './session.js'

export interface LoadModelOptions {
  /**
   * Which of the model's ONNX files: fp32, fp16, q8, q4 …
   * @default what the model's config.json says, or the only file there is
   */
  dtype?: string
  /** Where to run: `cpu`, `cuda`, `webgpu` … as transformers.js names them. @default 'cpu' */
  device?: string
  /** Threads inside one step of the model. @default what ONNX Runtime chooses: the number of cores */
  threads?: number
  /** Called while files of a hub model come in. */
  onProgress?: (event: { file: string; loadedBytes: number; totalBytes: number }) => void
}

/**
 * Loads a decoder-only causal language model that transformers.js can run.
 * @param idOrPath a folder in the layout of transformers.js, a hub id, or `debian-6m` for the embedded model
 * @throws {ModelLoadError} for a missing folder or file, or a model that is no causal language model
 * @throws {InvalidOptionError} for an unknown dtype or a bad thread count
 * @example const model = await loadModel('debian-6m')
 */
export async function loadModel(idOrPath: string, options: LoadModelOptions = {}): Promise<OnnxLanguageModel> {
  const { threads, device } = options
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new InvalidOptionError('threads', 'a whole number ≥ 1', threads)
  }
  const asked = checkDtype(options.dtype)
  const source = await resolveModel(idOrPath)
  if (source.local) {
    await checkFolder(source.location, asked)
    await checkModelFiles(source.location)
  }
  const dtype = asked ?? (source.local ? await onlyDtype(source.location) : undefined)
  const sessionOptions = threads === undefined ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }
  const { model, tokenizer } = await loadParts(source, { ...options, dtype, sessionOptions })
  const session = (model as unknown as { sessions: Record<string, OrtSession> }).sessions.model
  if (session === undefined) throw notCausal(source, 'it has no decoder session')
  const shape = cacheShape(session)
  if (typeof shape === 'string') throw new ModelLoadError(source.id, shape)
  const config = model.config as unknown as Record<string, unknown>
  const loaded = (session as unknown as { config?: { dtype?: string; device?: string } }).config
  const loadedDtype = loaded?.dtype ?? dtype ?? 'fp32'
  const generation = (model.generation_config ?? {}) as unknown as Record<string, unknown>
  const OrtTensorClass = (new Tensor('float32', new Float32Array(1), [1]) as unknown as { ort_tensor: object })
    .ort_tensor.constructor as TensorFactory
  const graphFile = join(
    source.local ? source.location : join(env.cacheDir ?? '', source.id),
    'onnx',
    graphName(loadedDtype),
  )
  const padsRight = await hasGroupQueryAttention(graphFile)
  return new OnnxLanguageModel({
    id: source.id,
    tokenizer,
    ordinary: {
      ...{ session, padsRight, Tensor: OrtTensorClass, shape },
      vocabularySize: vocabularySize(session, config, source),
    },
    contextLength: contextLength(config, source),
    endTokenIds: new Set(numbers(generation.eos_token_id ?? config.eos_token_id)),
    stopStrings: strings(generation.stop_strings),
    device: loaded?.device ?? device ?? 'cpu',
    dtype: loadedDtype,
    graphFile,
    sessionOptions,
  })
}

/** Operators stand in a graph by their names. A graph that is not a file here is taken for one without. */
async function hasGroupQueryAttention(graphFile: string): Promise<boolean> {
  const graph = await readFile(graphFile).catch(() => undefined)
  return graph?.includes('GroupQueryAttention') ?? false
}

async function loadParts(
  source: ModelSource,
  options: LoadModelOptions & { dtype: Dtype | undefined; sessionOptions: object },
) {
  const { onProgress, device, dtype, sessionOptions } = options
  const common = {
    local_files_only: source.local,
    ...(onProgress === undefined
      ? {}
      : {
          progress_callback: (event: { status: string; file?: string; loaded?: number; total?: number }) => {
            if (event.status !== 'progress') return
            onProgress({ file: event.file ?? '', loadedBytes: event.loaded ?? 0, totalBytes: event.total ?? 0 })
          },
        }),
  }
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(source.location, common)
    const model: PreTrainedModel = await AutoModelForCausalLM.from_pretrained(source.location, {
      ...common,
      ...(dtype === undefined ? {} : { dtype }),
      device: (device ?? 'cpu') as 'cpu',
      session_options: sessionOptions,
    })
    return { model, tokenizer }
  } catch (error) {
    const known = recogniseOutOfMemory(error)
    if (known instanceof EdtError) throw known
    const message = error instanceof Error ? error.message : String(error)
    const type = /Unsupported model type: (\S+)/.exec(message)?.[1]
    if (type !== undefined) throw notCausal(source, `its type is ${type}`)
    const told = `transformers.js could not load it: ${message.replace(/\s+/g, ' ')}${adviceOn(message, source)}`
    throw new ModelLoadError(source.id, told, { cause: error })
  }
}

/** What to do about it, where transformers.js does not say. */
function adviceOn(message: string, source: ModelSource): string {
  if (message.includes('ExecutionProvider_Cuda')) {
    return (
      '. onnxruntime-node has its CUDA libraries only if its install script ran (`npm rebuild onnxruntime-node --ignore-scripts=false` runs it), ' +
      'and they need CUDA 12 and cuDNN 9. The device cpu needs neither.'
    )
  }
  return source.local || message.includes('Unsupported device')
    ? ''
    : ' Check the id and the network, or give a local folder.'
}

function notCausal(source: ModelSource, problem: string): ModelLoadError {
  return new ModelLoadError(
    source.id,
    `${problem}, so it is no decoder-only causal language model that can be sampled from.`,
  )
}

function graphName(dtype: string): string {
  return `model${Object.hasOwn(DTYPE_SUFFIX, dtype) ? DTYPE_SUFFIX[dtype as Dtype] : ''}.onnx`
}

function vocabularySize(session: OrtSession, config: Record<string, unknown>, source: ModelSource): number {
  const logits = session.outputMetadata.find((output) => output.name === 'logits')
  if (logits?.type !== 'float32') {
    throw new ModelLoadError(
      source.id,
      `its logits are ${logits?.type}, but the engine needs float32; choose another dtype (fp32, q8, q4)`,
    )
  }
  const fixed = logits.shape?.[logits.shape.length - 1]
  if (typeof fixed === 'number') return fixed
  return wholeNumber(config.vocab_size) ?? missing('vocab_size', config.vocab_size, source)
}

function contextLength(config: Record<string, unknown>, source: ModelSource): number {
  for (const name of ['max_position_embeddings', 'n_positions', 'n_ctx', 'seq_length', 'max_seq_len']) {
    const value = wholeNumber(config[name])
    if (value !== undefined) return value
  }
  return missing('max_position_embeddings', config.max_position_embeddings, source)
}

function missing(field: string, found: unknown, source: ModelSource): never {
  throw new ModelLoadError(
    source.id,
    `config.json: "${field}" must be a whole number ≥ 1, but is ${describeValue(found)}.`,
  )
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined
}

function numbers(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((id): id is number => typeof id === 'number')
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (text): text is string => typeof text === 'string' && text !== '',
  )
}
