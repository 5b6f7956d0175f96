import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DataFileError } from '../../src/errors.js'
import { readJsonl } from '../../src/tasks/index.js'
import { readCheckpoint, type TunerMetadata } from '../../src/tuner/index.js'
import type { AblationResult } from '../ablate/index.js'
import { readStudies, type StudiesResult } from '../studies/index.js'
import { RunFolderError } from './errors.js'
import { ablationFolder, isRun, readSettings, runPaths } from './folder.js'
import { type BusyStore, inspectStore, type StoreInspection } from './inspect-store.js'

/** A line of a run's `events.jsonl`. */
export interface RunEvent extends Record<string, unknown> {
  /** ISO 8601. */
  time: string
  /** `start`; `end`, `stopped` (by the user) or `failed`; or what a step reported. */
  event: string
}

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
  return { kind: 'run', path, settings, versions, events, ...found, report, next: nextCommand(path, events, found) }
}

const EVENT = z.looseObject({ time: z.string(), event: z.string() })

/** The last line may be cut off where the process was killed; then it is left out. */
async function readEvents(path: string): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  if (!(await isFile(path))) return events
  try {
    for await (const { value } of readJsonl(path, EVENT)) events.push(value)
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
  }
  return events
}

async function readAblation(folder: string): Promise<AblationResult | undefined> {
  const file = join(folder, 'ablation.json')
  return (await isFile(file)) ? JSON.parse(await readFile(file, 'utf8')) : undefined
}

/** Commands that work in a run without collecting anything. */
const NO_COLLECTORS = ['fit', 'ablate', 'study']

/** What a user would type to take the run one step further. */
function nextCommand(
  path: string,
  events: readonly RunEvent[],
  { store, checkpoint, ablation }: Pick<RunInspection, 'store' | 'checkpoint' | 'ablation'>,
): string | undefined {
  if (store?.kind === 'busy-store') return undefined
  const last = events.findLast(({ event }) => ['start', 'end', 'stopped', 'failed'].includes(event))
  // A process that was killed writes no more events.
  if (last?.event === 'start' || last?.event === 'stopped') return `edt ${last.command} --out ${path}`
  if (store !== undefined && store.left > 0) {
    const collector = events.findLast(
      ({ event, command }) => event === 'start' && !NO_COLLECTORS.includes(command as string),
    )
    return `edt ${collector?.command ?? 'collect'} --out ${path}`
  }
  if (store !== undefined && checkpoint === undefined) return `edt fit --out ${path}`
  if (checkpoint !== undefined && ablation === undefined) return `edt ablate --out ${path}`
  return checkpoint === undefined ? `edt collect --out ${path}` : `edt generate --tuner ${path} "…"`
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
