import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readTextBounded } from '../../src/files.js'
import type { FitPredictions } from './predictions.js'

const cell = z.object({ t0: z.number(), theta: z.number() })
const predictionsSchema = z.object({
  trainPrompts: z.int(),
  bestFixed: cell,
  cells: z.array(cell),
  backend: z.string(),
})

/**
 * The predictions of finished fits, one file each, named by a digest of everything that they depend on: a killed run goes on after its last
 * fit, rows that need the same fit share it, and a run that has grown since begins new ones.
 */
export class FitJournal {
  /** @param folder made when the first fit is written */
  constructor(private readonly folder: string) {}

  /** Name of the fit that these settings (plain data) make. */
  static keyOf(settings: object): string {
    return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16)
  }

  /** Undefined when the fit is not there, or its file is damaged: it is made again then. */
  async read(key: string): Promise<FitPredictions | undefined> {
    const content = await readTextBounded(this.pathOf(key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (content === undefined) return undefined
    try {
      return predictionsSchema.parse(JSON.parse(content).predictions)
    } catch {
      return undefined
    }
  }

  /** Written in one piece. @param settings what the key was made of, for people who look into the file */
  async write(key: string, settings: object, predictions: FitPredictions): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const path = this.pathOf(key)
    await writeFile(`${path}.part`, `${JSON.stringify({ settings, predictions })}\n`)
    await rename(`${path}.part`, path)
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}.json`)
  }
}
