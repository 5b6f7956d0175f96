import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readCheckpoint, type TunerMetadata } from '../../src/tuner/index.js'
import type { AblationResult } from '../ablate/index.js'
import type { FailedPrompt } from '../collect/index.js'
import { readStudies, type StudiesResult } from '../studies/index.js'
import { RunFolderError } from './errors.js'
import { type RunEvent, readEvents } from './events.js'
import { ablationFolder, isRun, readSettings, runPaths } from './folder.js'
import { type BusyStore, inspectStore, type StoreInspection } from './inspect-store.js'
import { nextCommand } from './next-command.js'
import { type Liveness, liveness, type RunStatus, readStatus } from './status.js'

export interface CheckpointInspection {
  kind: 'checkpoint'
  path: string
  metadata: TunerMetadata
}

export interface RunInspection {
  kind: 'run'
  path: string
  /** Settings of each command that worked in the folder. */
  settings: Record<string, Record<string, unknown>>
  versions: Record<string, string>
  events: RunEvent[]
  /** Of the last command; with whether its process is there while it says `running`. Runs of early versions have none. */
  status?: RunStatus & { process?: Liveness }
  /** Prompts whose jobs the last collector set aside; it tries them again. */
  failed: FailedPrompt[]
  store?: StoreInspection | BusyStore
  checkpoint?: CheckpointInspection
  /** Of the run's tuner. */
  ablation?: AblationResult
  studies?: StudiesResult
  /** Path of the report, when there is one. */
  report?: string
  /** The command line that goes on with the run; undefined while a process is at work in it. */
  next?: string
}

export type Inspection = RunInspection | StoreInspection | BusyStore | CheckpointInspection

/**
 * Finds out what lies at a path: a run's folder, a tuner's checkpoint, or a store. Nothing is changed.
 * @throws {RunFolderError} when it is none of them; {CheckpointError} {StoreError} when it is damaged
 */
export async function inspect(path: string): Promise<Inspection> {
  const entry = await stat(path).catch(() => undefined)
  if (entry === undefined) throw new RunFolderError(path, 'there is no such file or folder.')
  if (entry.isFile()) return inspectStore(path)
  if (await isFile(join(path, 'tuner.json'))) return inspectCheckpoint(path)
  if (await isRun(path)) return inspectRun(path)
  throw new RunFolderError(
    path,
    'this folder is neither a run (settings.json), nor a checkpoint (tuner.json); give one of them or a store.duckdb.',
  )
}

async function inspectCheckpoint(path: string): Promise<CheckpointInspection> {
  return { kind: 'checkpoint', path, metadata: (await readCheckpoint(path)).metadata }
}

async function inspectRun(path: string): Promise<RunInspection> {
  const paths = runPaths(path)
  const settings = await readSettings(paths.settings)
  const events = await readEvents(paths.events)
  const hasTuner = await isFile(join(paths.checkpoint, 'tuner.json'))
  const checkpoint = hasTuner ? await inspectCheckpoint(paths.checkpoint) : undefined
  const found = {
    store: (await isFile(paths.store)) ? await inspectStore(paths.store) : undefined,
    checkpoint,
    ablation: checkpoint === undefined ? undefined : await readAblation(ablationFolder(paths, checkpoint.metadata)),
    studies: await readStudies(paths.studies),
  }
  const report = (await isFile(paths.report)) ? paths.report : undefined
  const versions = (await isFile(paths.versions)) ? JSON.parse(await readFile(paths.versions, 'utf8')) : {}
  const status = await inspectStatus(paths.status)
  const failed = (events.findLast(({ event }) => event === 'collected')?.failed ?? []) as FailedPrompt[]
  const next = nextCommand({ path, events, status, failed, ...found })
  return { kind: 'run', path, settings, versions, events, status, failed, ...found, report, next }
}

async function inspectStatus(path: string): Promise<RunInspection['status']> {
  const status = await readStatus(path)
  return status?.state === 'running' ? { ...status, process: liveness(status) } : status
}

async function readAblation(folder: string): Promise<AblationResult | undefined> {
  const file = join(folder, 'ablation.json')
  return (await isFile(file)) ? JSON.parse(await readFile(file, 'utf8')) : undefined
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
