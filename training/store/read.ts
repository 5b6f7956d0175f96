import { stat } from 'node:fs/promises'
import { InvalidOptionError } from '../../src/errors.js'
import type { SplitName } from '../../src/tasks/types.js'
import type { SurfaceSet } from '../types.js'
import type { Database } from './database.js'
import { NotAStoreError, StoreCorruptError, StoreVersionError } from './errors.js'
import { CONTENT_TABLES, SCHEMA_VERSION } from './schema.js'
import { type RunSettings, runSettingsSchema } from './settings.js'

/** How a task's quality and Self-BLEU were computed. */
export interface ScoreSignatures {
  quality: string
  selfBleu: string
}

/** What the elements of a feature vector are called. */
export interface FeatureSet {
  version: number
  names: string[]
}

/** What `edt inspect` tells about a store. */
export interface StoreSummary {
  path: string
  /** Size of the file, its log not counted. */
  bytes: number
  schemaVersion: number
  settings: RunSettings
  /** One entry for each time that `collect` opened the store, oldest first. */
  sessions: { startedAt: string; environment: Record<string, string> }[]
  signatures: Record<string, ScoreSignatures>
  featureCount: number
  /** By task and split: `finished` and `skipped` are parts of `planned`. */
  prompts: { task: string; split: SplitName; planned: number; finished: number; skipped: number }[]
  /** Keys of the prompts that do not fit into the context, in order. */
  skippedPrompts: string[]
  /** Samples drawn, and tokens in them. */
  samples: number
  tokens: number
}

export interface SurfaceFilter {
  /** @default all tasks of the run */
  tasks?: readonly string[]
  /** @default all splits of the run */
  splits?: readonly SplitName[]
}

/**
 * @throws {NotAStoreError} when the tables of a store are not there
 * @throws {StoreVersionError} when they are those of another version
 * @throws {StoreCorruptError} when the settings cannot be read
 */
export async function readSettings(database: Database): Promise<RunSettings> {
  const tables = await database.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'edt_store'")
  if (tables.length === 0) throw new NotAStoreError(database.path, 'a DuckDB database with other tables')
  const [version] = await database.rows<{ schema_version: number }>('SELECT schema_version FROM edt_store')
  if (version?.schema_version !== SCHEMA_VERSION) {
    throw new StoreVersionError(
      database.path,
      `schema version ${version?.schema_version ?? 'missing'}`,
      `${SCHEMA_VERSION}`,
    )
  }
  const rows = await database.rows<{ name: string; value: string }>('SELECT name, value FROM settings')
  const settings = runSettingsSchema.safeParse(Object.fromEntries(rows.map(({ name, value }) => [name, parse(value)])))
  if (settings.success) return settings.data
  const issue = settings.error.issues[0]
  throw new StoreCorruptError(database.path, `setting ${issue.path.join('.')}: ${issue.message}`)
}

/**
 * Reads every block once. DuckDB compares checksums when it first reads a block, so it opens a file that was cut off
 * without a word, and a run would go on for hours in it. Takes 60 ms for 2,500 prompts of 175 samples (34 MB).
 * @throws {StoreCorruptError} when a block is damaged or missing
 */
export async function checkBlocks(database: Database): Promise<void> {
  for (const [table] of CONTENT_TABLES) await database.run(`SELECT bit_xor(hash(${table})) FROM ${table}`)
}

/** A value that is no JSON is left as it is, for the schema to name. */
function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** Signatures by task, of tasks with at least one finished prompt. */
export async function readSignatures(database: Database): Promise<Map<string, ScoreSignatures>> {
  const rows = await database.rows<{ task: string; quality: string; self_bleu: string }>(
    'SELECT task, quality, self_bleu FROM signatures ORDER BY task',
  )
  return new Map(rows.map((row) => [row.task, { quality: row.quality, selfBleu: row.self_bleu }]))
}

/** Undefined until the first prompt is finished. */
export async function readFeatureSet(database: Database): Promise<FeatureSet | undefined> {
  const [row] = await database.rows<FeatureSet>('SELECT version, names FROM feature_set')
  return row
}

/** See {@link Store.surfaces}. */
export async function readSurfaces(
  database: Database,
  settings: RunSettings,
  { tasks, splits }: SurfaceFilter,
): Promise<SurfaceSet> {
  const known = settings.tasks.map((task) => task.name)
  const unknown = tasks?.find((task) => !known.includes(task))
  if (unknown !== undefined)
    throw new InvalidOptionError('tasks', `among the run's tasks (${known.join(', ')})`, unknown)
  const wanted = { task: tasks ?? known, split: splits ?? ['train', 'validation', 'test'] }
  const signatures = await readSignatures(database)
  const features = await readFeatureSet(database)
  const rows = await database.rows<{
    prompt: string
    task: string
    split: SplitName
    vector: number[]
    quality: number[]
    self_bleu: number[]
  }>(
    `SELECT prompt, task, split, any_value(vector) AS vector,
       list(quality ORDER BY cell) AS quality, list(self_bleu ORDER BY cell) AS self_bleu
     FROM prompts JOIN features USING (prompt) JOIN scores USING (prompt)
     WHERE task IN (${placeholders(wanted.task.length, 1)}) AND split IN (${placeholders(wanted.split.length, 1 + wanted.task.length)})
     GROUP BY prompt, task, split, id ORDER BY task, split, id`,
    [...wanted.task, ...wanted.split],
  )
  return {
    grid: settings.grid,
    featureVersion: settings.featureVersion,
    featureNames: features?.names ?? [],
    signatures: Object.fromEntries(
      [...signatures]
        .filter(([task]) => wanted.task.includes(task))
        .map(([task, { quality, selfBleu }]) => [task, `${quality} & ${selfBleu}`]),
    ),
    samples: settings.samples,
    surfaces: rows.map((row) => ({
      promptId: row.prompt,
      task: row.task,
      split: row.split,
      features: Float32Array.from(row.vector),
      quality: Float32Array.from(row.quality),
      selfBleu: Float32Array.from(row.self_bleu),
    })),
  }
}

/** `$from, …`; NULL for an empty list, which is in nothing. */
function placeholders(count: number, from: number): string {
  return count === 0 ? 'NULL' : Array.from({ length: count }, (_, i) => `$${from + i}`).join(', ')
}

/** See {@link Store.summary}. */
export async function readSummary(database: Database, settings: RunSettings): Promise<StoreSummary> {
  const sessions = await database.rows<{ started_at: string; environment: string }>(
    'SELECT started_at, environment FROM sessions ORDER BY started_at',
  )
  const prompts = await database.rows<StoreSummary['prompts'][number]>(
    `SELECT task, split, count(*)::INTEGER AS planned,
       count(*) FILTER (outcome.prompt IS NOT NULL AND skipped IS NULL)::INTEGER AS finished,
       count(skipped)::INTEGER AS skipped
     FROM prompts LEFT JOIN outcomes AS outcome USING (prompt) GROUP BY task, split ORDER BY task, split`,
  )
  const skipped = await database.rows<{ prompt: string }>(
    'SELECT prompt FROM outcomes WHERE skipped IS NOT NULL ORDER BY prompt',
  )
  const [totals] = await database.rows<{ samples: number; tokens: number }>(
    'SELECT count(*)::DOUBLE AS samples, coalesce(sum(token_count), 0)::DOUBLE AS tokens FROM samples',
  )
  return {
    path: database.path,
    bytes: (await stat(database.path)).size,
    schemaVersion: SCHEMA_VERSION,
    settings,
    sessions: sessions.map((row) => ({ startedAt: row.started_at, environment: JSON.parse(row.environment) })),
    signatures: Object.fromEntries(await readSignatures(database)),
    featureCount: (await readFeatureSet(database))?.names.length ?? 0,
    prompts,
    skippedPrompts: skipped.map((row) => row.prompt),
    samples: totals.samples,
    tokens: totals.tokens,
  }
}
