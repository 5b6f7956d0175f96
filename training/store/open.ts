import { createStoreFile, exists } from './create.js'
import { Database } from './database.js'
import { StoreSettingsError } from './errors.js'
import { checkBlocks, readSettings } from './read.js'
import { firstDifference, type RunSettings } from './settings.js'
import { Store } from './store.js'

/**
 * Opens the store of a run.
 * @param path the DuckDB file, e.g. `runs/first/store.duckdb`
 * @param options.readOnly never change the file; other readers may have it open too. @default false
 * @throws {StoreMissingError} {NotAStoreError} {StoreCorruptError} {StoreVersionError} {StoreLockedError} {StoreAccessError}
 */
export async function openStore(path: string, options: { readOnly?: boolean } = {}): Promise<Store> {
  const database = await Database.open(path, options)
  return closingOnError(database, async () => {
    const settings = await readSettings(database)
    await checkBlocks(database)
    return Store.load(database, settings)
  })
}

/**
 * Opens the store of a run to go on with it; makes it when there is nothing at the path.
 * @param environment versions and device of this session, for `edt inspect`
 * @throws {StoreSettingsError} naming the first setting that differs from those the run was started with; also as {@link openStore}
 */
export async function resumeStore(
  path: string,
  settings: RunSettings,
  environment: Record<string, string>,
): Promise<Store> {
  if (!(await exists(path))) await createStoreFile(path, settings)
  const database = await Database.open(path)
  return closingOnError(database, async () => {
    const stored = await readSettings(database)
    await checkBlocks(database)
    refuseOtherSettings(path, stored, settings)
    const session = [new Date().toISOString(), JSON.stringify(environment)]
    await database.run('INSERT INTO sessions VALUES ($1, $2)', session)
    return Store.load(database, stored)
  })
}

/** @throws {StoreSettingsError} naming the first setting in which what is asked for differs from what the store was made with */
export function refuseOtherSettings(path: string, stored: RunSettings, asked: RunSettings): void {
  const difference = firstDifference(stored, asked)
  if (difference === undefined) return
  throw new StoreSettingsError(path, difference.setting, difference.stored, difference.asked)
}

/** A store that cannot be used must not stay locked. */
async function closingOnError(database: Database, load: () => Promise<Store>): Promise<Store> {
  try {
    return await load()
  } catch (error) {
    await database.close()
    throw error
  }
}
