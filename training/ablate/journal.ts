import { type FileHandle, mkdir, open, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DataFileError } from '../../src/errors.js'
import { readTextBounded } from '../../src/files.js'
import { readJsonl } from '../../src/tasks/index.js'
import { AblationFormatError, AblationPromptChangedError, AblationSettingsError } from './errors.js'
import { type AblationRecord, type Purpose, recordSchema } from './records.js'

const LINE_FEED = 0x0a

/**
 * The results of an ablation's finished jobs in `rollouts.jsonl`, one line a job. A line is written in one piece when its job is finished; what
 * a killed process left of a line is cut off when the journal is opened again, so that its job is done once more.
 */
export class Journal {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly finished: FinishedJobs,
  ) {}

  /**
   * @param settings all that decides the numbers of a job and is the same for all jobs; stored beside the journal in `settings.json`
   * @throws {AblationSettingsError} when the folder holds results of other settings
   * @throws {DataFileError} for a line that is no record
   */
  static async open(folder: string, settings: object): Promise<Journal> {
    await mkdir(folder, { recursive: true })
    await guardSettings(join(folder, 'settings.json'), settings)
    const path = join(folder, 'rollouts.jsonl')
    await dropTruncatedLine(path)
    const finished: FinishedJobs = new Map()
    for await (const record of readRecords(path)) note(finished, record)
    return new Journal(path, await open(path, 'a'), finished)
  }

  /** @throws {AblationPromptChangedError} when another job of this kind was finished for the prompt */
  isFinished(kind: 'features', promptId: string, digest: string): boolean {
    return this.jobOf(kind, promptId, digest) !== undefined
  }

  /**
   * Whether a prompt has the rollout asked for under a name.
   * @throws {AblationPromptChangedError} when it was drawn for another prompt of the same key
   */
  hasRollout(purpose: Purpose, promptId: string, digest: string, name: string, spec: string): boolean {
    return this.jobOf(purpose, promptId, digest)?.specs.get(name)?.has(spec) ?? false
  }

  /** Whether a prompt is known not to fit into the context. */
  isSkipped(promptId: string): boolean {
    return this.finished.get(`features ${promptId}`)?.skipped ?? false
  }

  async append(record: AblationRecord): Promise<void> {
    await this.file.appendFile(`${JSON.stringify(record)}\n`)
    note(this.finished, record)
  }

  private jobOf(kind: string, promptId: string, digest: string): FinishedJob | undefined {
    const stored = this.finished.get(`${kind} ${promptId}`)
    if (stored !== undefined && stored.digest !== digest) throw new AblationPromptChangedError(this.path, promptId)
    return stored
  }

  /** All records, in the order in which they were written. */
  records(): AsyncGenerator<AblationRecord> {
    return readRecords(this.path)
  }

  async close(): Promise<void> {
    await this.file.close()
  }
}

/** What was done of a prompt for one purpose. */
interface FinishedJob {
  digest: string
  /** All that was drawn under each name; empty where a job is done as a whole. */
  specs: Map<string, Set<string>>
  skipped: boolean
}

/** By kind or purpose, and prompt. */
type FinishedJobs = Map<string, FinishedJob>

function note(finished: FinishedJobs, record: AblationRecord): void {
  if (record.kind === 'feature-names' || record.kind === 'timing') return
  // A prompt that does not fit is found out by the job for its features.
  const kind = record.kind === 'rollouts' ? record.purpose : record.kind === 'skipped' ? 'features' : record.kind
  const key = `${kind} ${record.prompt}`
  const job = finished.get(key) ?? { digest: record.job, specs: new Map<string, Set<string>>(), skipped: false }
  finished.set(key, job)
  job.skipped ||= record.kind === 'skipped'
  if (record.kind !== 'rollouts') return
  for (const [name, { spec }] of Object.entries(record.rollouts)) {
    job.specs.set(name, (job.specs.get(name) ?? new Set()).add(spec))
  }
}

async function* readRecords(path: string): AsyncGenerator<AblationRecord> {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  )
  if (size === 0) return
  for await (const { value } of readJsonl(path, recordSchema)) yield value
}

async function dropTruncatedLine(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return
  try {
    const { size } = await file.stat()
    const end = await endOfLastLine(file, size)
    if (end < size) await truncate(path, end)
  } finally {
    await file.close()
  }
}

/** Bytes up to and with the last line end, searched from the end of the file. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.alloc(65_536)
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - buffer.length)
    const { bytesRead } = await file.read(buffer, 0, end - start, start)
    const at = buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED)
    if (at !== -1) return start + at + 1
    end = start
  }
  return 0
}

async function guardSettings(path: string, settings: object): Promise<void> {
  const asked = JSON.parse(JSON.stringify(settings))
  const content = await readTextBounded(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined) {
    await writeFile(`${path}.part`, `${JSON.stringify(asked, null, 2)}\n`)
    await rename(`${path}.part`, path)
    return
  }
  const stored = parseSettings(path, content)
  const format = isRecord(stored) ? stored.format : undefined
  if (format !== asked.format) throw new AblationFormatError(path, format, asked.format)
  const difference = firstDifference(stored, asked, '')
  if (difference !== undefined) {
    throw new AblationSettingsError(path, difference.setting, difference.stored, difference.asked)
  }
}

function parseSettings(path: string, content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new DataFileError(
      path,
      undefined,
      undefined,
      'expected the settings of an ablation as JSON, but this is none; choose another folder.',
    )
  }
}

/** The first value, in the order of what is asked for, in which two settings differ. */
function firstDifference(
  stored: unknown,
  asked: unknown,
  setting: string,
): { setting: string; stored: unknown; asked: unknown } | undefined {
  if (isDeepStrictEqual(stored, asked)) return undefined
  if (isRecord(stored) && isRecord(asked)) {
    for (const name of new Set([...Object.keys(asked), ...Object.keys(stored)])) {
      const inner = firstDifference(stored[name], asked[name], setting === '' ? name : `${setting}.${name}`)
      if (inner !== undefined) return inner
    }
  }
  return { setting, stored, asked }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
