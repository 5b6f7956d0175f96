import { type CachedRow, RowCache } from './row-cache.js'
import type { KvLayer } from './types.js'

/**
 * Keys and values as the ordinary graph takes and returns them: `[rows, kvHeads, columns, headSize]` per layer and part,
 * rows right-aligned, the padding left of a row masked.
 */
export class PaddedCache<Row extends CachedRow> extends RowCache<Row> {
  /** Cached positions of the longest row. */
  columns = 0

  /** Takes over what a step returned; every row is one position longer. */
  replace(buffers: Float32Array[]): void {
    this.buffers = buffers
    this.columns++
    for (const row of this.rows) row.length++
  }

  /** Columns at the left that no row uses; `add([], [])` drops them. */
  get unusedColumns(): number {
    return this.columns - Math.max(0, ...this.rows.map((row) => row.length))
  }

  /**
   * Adds rows at the end, each with the cache of its prompt, and drops columns that no row uses any more.
   * @param prefixes one a new row: layers of `[1, kvHeads, row.length, headSize]`
   */
  add(newRows: readonly Row[], prefixes: readonly (readonly KvLayer[])[]): void {
    const before = this.rows.length
    const oldColumns = this.columns
    const { kvHeads, headSize } = this
    this.rows.push(...newRows)
    this.columns = Math.max(0, ...this.rows.map((row) => row.length))
    this.buffers = this.buffers.map((old, b) => {
      // Zeroed: the padding is masked, but must hold finite numbers, since 0 · NaN is NaN.
      const grown = new Float32Array(this.rows.length * this.rowSize)
      this.rows.forEach((row, r) => {
        const layer = prefixes[r - before]?.[b >> 1]
        const source = r < before ? old : b % 2 === 0 ? layer.key : layer.value
        for (let h = 0; h < kvHeads; h++) {
          const from = r < before ? (r * kvHeads + h + 1) * oldColumns - row.length : h * row.length
          const to = (r * kvHeads + h + 1) * this.columns - row.length
          grown.set(source.subarray(from * headSize, (from + row.length) * headSize), to * headSize)
        }
      })
      return grown
    })
  }
}
