import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InvalidOptionError } from '../errors.js'
import { packageRoot } from '../package-root.js'
import { ModelLoadError } from './errors.js'

/** File name endings of transformers.js, by dtype. */
export const DTYPE_SUFFIX = {
  fp32: '',
  fp16: '_fp16',
  int8: '_int8',
  uint8: '_uint8',
  q8: '_quantized',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const

export type Dtype = keyof typeof DTYPE_SUFFIX

/** Where a model comes from: a folder on this machine, or the hub. */
export interface ModelSource {
  /** What transformers.js is asked for: an absolute path or a hub id. */
  location: string
  /** Name for people and checkpoints. */
  id: string
  local: boolean
}

/** The language model that ships inside the package. */
export const EMBEDDED_MODEL = 'debian-6m'

/** Folder of the embedded model, for those who load it with transformers.js themselves. */
export function embeddedModelFolder(): string {
  return join(packageRoot(), 'data', 'models', EMBEDDED_MODEL)
}

/**
 * Finds a model: an existing folder, the embedded model by its name, or else a hub id.
 * @throws {ModelLoadError} for a path that does not exist
 */
export async function resolveModel(idOrPath: string): Promise<ModelSource> {
  if (idOrPath === '')
    throw new InvalidOptionError('model', 'a folder, the name of the embedded model or a hub id', idOrPath)
  if (await isFolder(idOrPath)) return { location: resolve(idOrPath), id: basename(resolve(idOrPath)), local: true }
  if (idOrPath === EMBEDDED_MODEL) {
    return { location: embeddedModelFolder(), id: EMBEDDED_MODEL, local: true }
  }
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(idOrPath) || idOrPath.startsWith('.')) {
    throw new ModelLoadError(
      idOrPath,
      `there is no such folder. Give a folder with config.json, tokenizer.json and onnx/, a hub id, or "${EMBEDDED_MODEL}" for the embedded model.`,
    )
  }
  return { location: idOrPath, id: idOrPath, local: false }
}

/**
 * Checks that a local folder holds what a language model needs, so that the error names the file.
 * @throws {ModelLoadError}
 */
export async function checkFolder(folder: string, dtype: Dtype | undefined): Promise<void> {
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    if (!(await isFile(join(folder, file)))) {
      throw new ModelLoadError(
        folder,
        `${file} is missing. A model folder holds config.json, tokenizer.json, tokenizer_config.json and onnx/.`,
      )
    }
  }
  const found = await graphFiles(folder)
  if (found.length === 0)
    throw new ModelLoadError(folder, 'there is no onnx/model*.onnx file. Export the model to ONNX first.')
  if (dtype === undefined) return
  const wanted = `model${DTYPE_SUFFIX[dtype]}.onnx`
  if (!found.includes(wanted)) {
    throw new ModelLoadError(
      folder,
      `onnx/${wanted} (dtype ${dtype}) is missing; the folder has ${found.map(describeGraph).join(', ')}.`,
    )
  }
}

/** The dtype of a local folder that holds a single graph; undefined when there are several or none we know. */
export async function onlyDtype(folder: string): Promise<Dtype | undefined> {
  const found = await graphFiles(folder)
  if (found.length !== 1) return undefined
  return dtypeOf(found[0])
}

/** @throws {InvalidOptionError} for a dtype that transformers.js does not have */
export function checkDtype(dtype: string | undefined): Dtype | undefined {
  if (dtype === undefined || dtype === 'auto') return undefined
  if (!Object.hasOwn(DTYPE_SUFFIX, dtype)) {
    throw new InvalidOptionError('dtype', `one of ${Object.keys(DTYPE_SUFFIX).join(', ')}`, dtype)
  }
  return dtype as Dtype
}

async function graphFiles(folder: string): Promise<string[]> {
  const files = await readdir(join(folder, 'onnx')).catch(() => [])
  return files.filter((file) => /^model.*\.onnx$/.test(file)).sort()
}

function dtypeOf(file: string): Dtype | undefined {
  return (Object.keys(DTYPE_SUFFIX) as Dtype[]).find((dtype) => file === `model${DTYPE_SUFFIX[dtype]}.onnx`)
}

function describeGraph(file: string): string {
  const dtype = dtypeOf(file)
  return dtype === undefined ? file : `${file} (dtype ${dtype})`
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
