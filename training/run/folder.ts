import { appendFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TunerMetadata } from '../../src/tuner/index.js'
import { StoreSettingsError } from '../store/errors.js'
import { RunFolderError } from './errors.js'
import { collectVersions } from './versions.js'

/** Where the parts of a run lie. */
export interface RunPaths {
  /** The folder itself. */
  root: string
  settings: string
  versions: string
  events: string
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
  /** Puts back the settings that stood there before: what the run has was not made with the new ones. */
  restoreSettings(): Promise<void>
  /** Adds a line to `events.jsonl`: `{"time", "event", …data}`. */
  event(event: string, data?: Record<string, unknown>): Promise<void>
}

export function runPaths(root: string): RunPaths {
  return {
    root,
    settings: join(root, 'settings.json'),
    versions: join(root, 'versions.json'),
    events: join(root, 'events.jsonl'),
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

/**
 * Makes or reopens the folder of a run, and writes down what is about to happen: `settings.json` holds the settings of each
 * command that worked in the folder (all values, also the defaults), `versions.json` what it is made with, `events.jsonl`
 * what happened when.
 * @throws {RunFolderError} when the path is a file or a folder that holds something else
 */
export async function openRun(root: string, command: string, settings: Record<string, unknown>): Promise<RunFolder> {
  const paths = runPaths(root)
  await mkdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST' || error.code === 'ENOTDIR')
      throw new RunFolderError(root, 'this is a file; choose another folder for the run.')
    throw error
  })
  await refuseStrangeFolder(paths)
  const earlier = await readSettings(paths.settings)
  await writeWhole(paths.settings, { ...earlier, [command]: settings })
  await writeWhole(paths.versions, collectVersions())
  const event = (name: string, data: Record<string, unknown> = {}) =>
    appendFile(paths.events, `${JSON.stringify({ time: new Date().toISOString(), event: name, ...data })}\n`)
  await event('start', { command, settings })
  return { ...paths, event, restoreSettings: () => writeWhole(paths.settings, earlier) }
}

/**
 * Does `work` in a run's folder, and writes down in its events how it ended.
 * @throws what `work` throws, and as `openRun`
 */
export async function inRun<Result>(
  root: string,
  command: string,
  settings: Record<string, unknown>,
  work: (run: RunFolder) => Promise<Result>,
): Promise<Result> {
  const run = await openRun(root, command, settings)
  const started = performance.now()
  const seconds = () => Math.round(performance.now() - started) / 1000
  try {
    const result = await work(run)
    await run.event('end', { command, seconds: seconds() })
    return result
  } catch (error) {
    if (error instanceof StoreSettingsError) await run.restoreSettings()
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
    const event = name === 'AbortError' ? 'stopped' : 'failed'
    await run.event(event, { command, seconds: seconds(), message })
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
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
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

/** A killed process leaves the old file or the new one, never half of one. */
async function writeWhole(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.part`, path)
}
