import { access, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
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
    await rm(draft, { force: true })
    await fillDraft(draft, settings)
    await moveUnlessThere(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
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
    await rm(draft, { force: true })
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
  } finally {
    await database.close()
  }
}
