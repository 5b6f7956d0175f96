import { access, link, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Database } from './database.js'
import { StoreAccessError } from './errors.js'
import { SCHEMA, SCHEMA_VERSION } from './schema.js'
import type { RunSettings } from './settings.js'

/** True when something is at the path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/**
 * Makes a store without prompts. It is built beside its place and moved there, so that a process killed meanwhile
 * leaves no half-made store behind. When another process was faster, its store stays.
 * @throws {StoreAccessError} when the folder cannot be written
 */
export async function createStoreFile(path: string, settings: RunSettings): Promise<void> {
  const draft = `${path}.new-${process.pid}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await removeAbandonedDrafts(path)
    await fillDraft(draft, settings)
    await moveUnlessThere(draft, path)
  } catch (error) {
    await removeDraft(draft).catch(() => undefined)
    if (error instanceof Error && 'code' in error) throw new StoreAccessError(path, error.message)
    throw error
  }
}

/** A rename would replace a store that another process has just made and begun to write. */
async function moveUnlessThere(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    // File systems without hard links: exFAT, some network drives.
    if (!(await exists(path))) await rename(draft, path)
  } finally {
    await removeDraft(draft)
  }
}

/** With DuckDB's log of it. */
async function removeDraft(draft: string): Promise<void> {
  for (const file of [draft, `${draft}.wal`]) await rm(file, { force: true })
}

/** Those of processes that were killed while they made a store, and one of this process number. */
async function removeAbandonedDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}.new-`
  for (const name of await readdir(dirname(path))) {
    const [pid] = name.startsWith(prefix) ? name.slice(prefix.length).split('.') : []
    if (pid !== undefined && !isAtWork(Number(pid))) await rm(join(dirname(path), name), { force: true })
  }
}

function isAtWork(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function fillDraft(draft: string, settings: RunSettings): Promise<void> {
  const database = await Database.create(draft)
  try {
    await database.transaction(async () => {
      await database.run(SCHEMA)
      await database.run('INSERT INTO edt_store VALUES ($1)', [SCHEMA_VERSION])
      await database.append('settings', (appender) => {
        for (const [name, value] of Object.entries(settings)) {
          appender.appendVarchar(name)
          appender.appendVarchar(JSON.stringify(value))
          appender.endRow()
        }
      })
      await database.append('cells', (appender) => {
        const { t0, theta } = settings.grid
        for (let cell = 0; cell < t0.length * theta.length; cell++) {
          appender.appendInteger(cell)
          appender.appendDouble(t0[Math.floor(cell / theta.length)])
          appender.appendDouble(theta[cell % theta.length])
          appender.appendVarchar(settings.samplers[cell])
          appender.endRow()
        }
      })
    })
    // Into the file itself, which alone is moved: when a full disk keeps it from that at closing, DuckDB says nothing.
    await database.run('CHECKPOINT')
  } finally {
    await database.close()
  }
}
