import type { BestCells, TaskReference } from '../ablate/types.js'
import { openStore, StoreLockedError, type StoreSummary, storeDigest } from '../store/index.js'
import { bestCells, edaOfCells, meanSurfaces, taskReferences } from '../surfaces/index.js'
import type { SurfaceSet } from '../types.js'

/** What the finished training prompts of a store say so far. */
export interface StoreFindings {
  bestCells: BestCells
  /** Q* and D* of each task. */
  references: Record<string, TaskReference>
  /** EDA of the best cell of each task. */
  bestEda: Record<string, number>
}

export interface StoreInspection {
  kind: 'store'
  path: string
  summary: StoreSummary
  /** Prompts without an outcome. */
  left: number
  /** Equal digests mean equal contents, see `storeDigest`. */
  digest: string
  /** Absent while no training prompt is finished. */
  findings?: StoreFindings
}

/** A store that another process is writing. */
export interface BusyStore {
  kind: 'busy-store'
  path: string
  message: string
}

/**
 * Reads a store without changing it.
 * @throws {StoreError} when it is missing, damaged, of another version or no store
 */
export async function inspectStore(path: string): Promise<StoreInspection | BusyStore> {
  try {
    const store = await openStore(path, { readOnly: true })
    try {
      const summary = await store.summary()
      const left = summary.prompts.reduce(
        (sum, { planned, finished, skipped }) => sum + planned - finished - skipped,
        0,
      )
      const findings = findBest(await store.surfaces({ splits: ['train'] }))
      return { kind: 'store', path, summary, left, digest: await storeDigest(store), findings }
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof StoreLockedError) return { kind: 'busy-store', path, message: error.message }
    throw error
  }
}

function findBest({ grid, surfaces }: SurfaceSet): StoreFindings | undefined {
  if (surfaces.length === 0) return undefined
  const means = meanSurfaces(surfaces, 'training')
  const entries = Object.entries(means)
  const references = taskReferences(means)
  const bestEda = entries.map(([task, mean]) => [task, Math.min(...edaOfCells(mean, references[task]))])
  return { bestCells: bestCells(grid, means, references), references, bestEda: Object.fromEntries(bestEda) }
}
