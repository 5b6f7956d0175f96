import { createHash } from 'node:crypto'
import { CONTENT_TABLES } from './schema.js'
import type { Store } from './store.js'

/**
 * SHA-256 (64 hex digits) over everything that a run computed, each table's rows in the order of its key. When and where
 * it was computed is left out, so that a run that was killed and resumed has the digest of an undisturbed one.
 * @throws {StoreCorruptError} when a block cannot be read
 */
export async function storeDigest(store: Store): Promise<string> {
  const hash = createHash('sha256')
  for (const [table, key] of CONTENT_TABLES) {
    hash.update(`${table}\n`)
    for await (const row of store.database.jsonRows(`SELECT * FROM ${table} ORDER BY ${key}`)) {
      hash.update(`${JSON.stringify(row)}\n`)
    }
  }
  return hash.digest('hex')
}
