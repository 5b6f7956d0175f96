import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { io, LayersModel } from '@tensorflow/tfjs'
import { readTextBounded } from '../files.js'
import { VERSION } from '../version.js'
import { CheckpointError } from './errors.js'
import { CHECKPOINT_FORMAT, type TunerMetadata, tunerMetadataSchema } from './metadata.js'
import {
  type ModelDigests,
  type ModelFiles,
  readModelFiles,
  sha256Of,
  unreadable,
  writeModelFiles,
} from './model-files.js'

export const METADATA_FILE = 'tuner.json'

/** What `saveCheckpoint` fills in by itself: versions, the time, and digests. */
export type MetadataToSave = Omit<
  TunerMetadata,
  'formatVersion' | 'toolVersion' | 'createdAt' | 'ranges' | 'weights' | 'modelSha256' | 'contentSha256'
>

/**
 * Writes a checkpoint folder: TF.js's `model.json` and `weights.bin`, and `tuner.json`. They are written beside the target and renamed into
 * place when complete, so that a reader never meets half a checkpoint; a checkpoint that is already there is replaced.
 *
 * @throws {CheckpointError} when the target holds something else than a checkpoint, or a field of the metadata is not valid
 */
export async function saveCheckpoint(
  path: string,
  network: LayersModel,
  metadata: MetadataToSave,
): Promise<TunerMetadata> {
  const target = resolve(path)
  const existing = await folderEntries(target)
  if (existing !== undefined && existing.length > 0 && !existing.includes(METADATA_FILE)) {
    const problem = 'the folder holds other files and no tuner.json, so it is not overwritten; choose another folder.'
    throw new CheckpointError(path, undefined, problem)
  }
  const suffix = `${process.pid}-${randomBytes(4).toString('hex')}`
  const fresh = join(dirname(target), `.${basename(target)}.new-${suffix}`)
  const old = join(dirname(target), `.${basename(target)}.old-${suffix}`)
  await mkdir(fresh, { recursive: true })
  try {
    const complete = await writeAll(fresh, network, metadata)
    if (existing !== undefined) await rename(target, old)
    await rename(fresh, target)
    return complete
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}

/**
 * Reads a checkpoint folder and checks all that can be checked without a language model.
 * @throws {CheckpointError} naming the file and field that is missing, damaged or not understood
 */
export async function readCheckpoint(path: string): Promise<{ metadata: TunerMetadata; files: ModelFiles }> {
  const entries = await folderEntries(path)
  if (entries === undefined) {
    throw new CheckpointError(path, undefined, 'there is no such folder; give the folder that holds tuner.json.')
  }
  const metadata = await readMetadata(join(path, METADATA_FILE))
  return { metadata, files: await readModelFiles(path, metadata) }
}

/** Reads `tuner.json` alone. @throws {CheckpointError} */
export async function readMetadata(path: string): Promise<TunerMetadata> {
  const text = await readTextBounded(path).catch((error) => unreadable(path, error))
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new CheckpointError(path, undefined, `it is no JSON: ${(error as Error).message}`)
  }
  const version = (content as { formatVersion?: unknown } | null)?.formatVersion
  if (typeof version === 'number' && version > CHECKPOINT_FORMAT) {
    const problem = `version ${version} is newer than ${CHECKPOINT_FORMAT}, the newest that edt-tuner ${VERSION} reads; update edt-tuner.`
    throw new CheckpointError(path, 'formatVersion', problem)
  }
  if (typeof version === 'number' && version < CHECKPOINT_FORMAT) {
    const problem = `version ${version} was written by an older edt-tuner, but ${VERSION} reads version ${CHECKPOINT_FORMAT}; train the tuner again (\`edt fit\` uses what was collected).`
    throw new CheckpointError(path, 'formatVersion', problem)
  }
  const metadata = validate(path, content)
  const { contentSha256 } = metadata
  if (contentSha256 !== undefined && contentSha256 !== digestContent(content as object)) {
    const problem = 'the SHA-256 of its content is not the one that it names; the file was changed or damaged.'
    throw new CheckpointError(path, 'contentSha256', `${problem} Copy the checkpoint again or train a new one.`)
  }
  return metadata
}

/** Over the parsed file, so that it may be laid out anew. */
function digestContent({ contentSha256: _, ...content }: { contentSha256?: string }): string {
  return sha256Of(JSON.stringify(content))
}

async function writeAll(folder: string, network: LayersModel, metadata: MetadataToSave): Promise<TunerMetadata> {
  let digests: ModelDigests | undefined
  await network.save({
    save: async (artifacts: io.ModelArtifacts) => {
      digests = await writeModelFiles(folder, artifacts)
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    },
  })
  const { grid } = metadata
  const file = join(folder, METADATA_FILE)
  const content = validate(METADATA_FILE, {
    formatVersion: CHECKPOINT_FORMAT,
    toolVersion: VERSION,
    createdAt: new Date().toISOString(),
    ...metadata,
    ranges: { t0: [grid.t0[0], grid.t0.at(-1)], theta: [grid.theta[0], grid.theta.at(-1)] },
    ...digests,
  })
  const complete = { ...content, contentSha256: digestContent(content) }
  await writeFile(file, `${JSON.stringify(complete, null, 2)}\n`, { flush: true })
  return complete
}

function validate(path: string, content: unknown): TunerMetadata {
  const parsed = tunerMetadataSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const { path: field, message } = parsed.error.issues[0]
  throw new CheckpointError(path, field.join('.') || undefined, `${message}.`)
}

/** Undefined when there is no such folder. */
async function folderEntries(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if (!found.isDirectory()) throw new CheckpointError(path, undefined, 'it is a file, but a checkpoint is a folder.')
  return readdir(path)
}
