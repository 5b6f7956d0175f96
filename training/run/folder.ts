import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readTextBounded } from '../../src/files.js'
import type { TunerMetadata } from '../../src/tuner/index.js'
import { VERSION } from '../../src/version.js'
import { StoreLockedError, StoreSettingsError } from '../store/errors.js'
import { RunFolderError } from './errors.js'
import { appendEvent, endLastLine } from './events.js'
import { readStatus, refuseBusy, type SessionRate, type StatusProgress, StatusWriter } from './status.js'
import { collectVersions } from './versions.js'
import { writeWhole } from './write-whole.js'

/** Where the parts of a run lie. */
export interface RunPaths {
  /** The folder itself. */
  root: string
  settings: string
  versions: string
  events: string
  /** The events as lines for people. */
  log: string
  status: string
  store: string
  checkpoint: string
  /** A folder for each tuner that was compared, see `ablationFolder`. */
  ablations: string
  /** What ablations rolled out, shared by all tuners of the run: a folder for each set of settings. */
  journals: string
  /** Folder of the studies: `studies.json`, and the fits that they are made of. */
  studies: string
  /** The page to open. */
  report: string
}

/** A run's folder, ready to be written. */
export interface RunFolder extends RunPaths {
  /** Adds a line to `events.jsonl`: `{"time", "event", …data}`, and one to `log.txt`. */
  event(event: string, data?: Record<string, unknown>): Promise<void>
  /** Takes down in `status.json` how far the work is. @param rate how fast this session draws */
  progress(progress: StatusProgress, rate?: SessionRate): void
  /** How fast an earlier session drew. */
  readonly earlierRate: SessionRate | undefined
}

export function runPaths(root: string): RunPaths {
  return {
    root,
    settings: join(root, 'settings.json'),
    versions: join(root, 'versions.json'),
    events: join(root, 'events.jsonl'),
    log: join(root, 'log.txt'),
    status: join(root, 'status.json'),
    store: join(root, 'store.duckdb'),
    checkpoint: join(root, 'checkpoint'),
    ablations: join(root, 'ablation'),
    journals: join(root, 'rollouts'),
    studies: join(root, 'studies'),
    report: join(root, 'report', 'report.html'),
  }
}

/** Where a tuner's ablation lies: a tuner that is fitted anew begins a new one, and the old one stays. */
export function ablationFolder({ ablations }: RunPaths, { weights }: Pick<TunerMetadata, 'weights'>): string {
  return join(ablations, weights.sha256.slice(0, 8))
}

/** A run that a command is at work in. */
interface OpenedRun {
  run: RunFolder
  status: StatusWriter
  /** Puts back settings and status that stood there before: what the run has was not made with the new ones. */
  restore(): Promise<void>
}

/**
 * Makes or reopens the folder of a run, and writes down what is about to happen: `settings.json` holds the settings of each
 * command that worked in the folder (all values, also the defaults), `versions.json` what it is made with, `events.jsonl` and
 * `log.txt` what happened when, `status.json` whether a process is at work and how far it is.
 * @throws {RunFolderError} when the path is a file, a folder that holds something else, or cannot be written; {RunBusyError}
 */
async function openRun(root: string, command: string, settings: Record<string, unknown>): Promise<OpenedRun> {
  const paths = runPaths(root)
  await mkdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST' || error.code === 'ENOTDIR')
      throw new RunFolderError(root, 'this is a file; choose another folder for the run.')
    throw error
  })
  await refuseStrangeFolder(paths)
  const earlier = await readSettings(paths.settings)
  const before = await readStatus(paths.status)
  refuseBusy(root, before)
  const status = new StatusWriter(paths.status, command, before?.rate)
  // The settings come first: they make the folder a run.
  await writeWhole(paths.settings, { ...earlier, [command]: settings })
  await writeWhole(paths.versions, collectVersions())
  await status.begin()
  for (const file of [paths.events, paths.log]) await endLastLine(file)
  const { rate: earlierRate } = status
  const run: RunFolder = {
    ...paths,
    earlierRate,
    event: (name, data) => appendEvent(paths, name, data),
    progress: (progress, rate) => status.progress(progress, rate),
  }
  const resumed = earlier[command] === undefined ? {} : { resumed: true }
  await run.event('start', { command, ...resumed, pid: process.pid, version: VERSION, settings })
  const restore = async () => {
    await writeWhole(paths.settings, earlier)
    if (before !== undefined) await writeWhole(paths.status, before)
  }
  return { run, status, restore }
}

/**
 * Does `work` in a run's folder, and writes down in its events and its status how it ended.
 * @throws what `work` throws, and as `openRun`
 */
export async function inRun<Result>(
  root: string,
  command: string,
  settings: Record<string, unknown>,
  work: (run: RunFolder) => Promise<Result>,
): Promise<Result> {
  const { run, status, restore } = await openRun(root, command, settings)
  const started = performance.now()
  const seconds = () => Math.round(performance.now() - started) / 1000
  try {
    const result = await work(run)
    await run.event('end', { command, seconds: seconds() })
    await status.end('finished')
    return result
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
    const stopped = name === 'AbortError'
    const writeDown = async () => {
      await run.event(stopped ? 'stopped' : 'failed', { command, seconds: seconds(), message })
      await status.end(stopped ? 'interrupted' : 'failed', stopped ? undefined : message)
      // The store belongs to another process, or to other settings: what stood there holds on.
      if (error instanceof StoreSettingsError || error instanceof StoreLockedError) await restore()
    }
    // A disk that is full takes no notes either; why the work failed is what the user must see.
    await writeDown().catch(() => undefined)
    throw error
  }
}

/** Files must not land among those of something else, such as a project's folder given by mistake. */
async function refuseStrangeFolder(paths: RunPaths): Promise<void> {
  if (await isRun(paths.root)) return
  const strangers = (await readdir(paths.root)).filter((name) => !name.endsWith('.part'))
  if (strangers.length > 0) {
    throw new RunFolderError(
      paths.root,
      `this folder holds ${strangers[0]} and no run; choose a new folder for the run.`,
    )
  }
}

/** Is there a run in this folder? */
export async function isRun(root: string): Promise<boolean> {
  return stat(runPaths(root).settings).then(
    (entry) => entry.isFile(),
    () => false,
  )
}

/**
 * The settings of a run by command; none when the file does not exist.
 * @throws {RunFolderError} when it is no JSON object
 */
export async function readSettings(path: string): Promise<Record<string, Record<string, unknown>>> {
  const content = await readTextBounded(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    const settings = JSON.parse(content)
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) return settings
  } catch {
    // Not JSON: said below, together with JSON that is no object.
  }
  throw new RunFolderError(path, 'this is not the settings file of a run; choose another folder, or delete the file.')
}
