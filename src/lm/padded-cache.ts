import type { KvLayer } from './types.js'

/** A row of a batch whose cache the model's ordinary graph carries. */
export interface PaddedRow {
  /** Cached positions of this row; they lie at the right end of the cache. */
  length: number
}

/**
 * Keys and values as the ordinary graph takes and returns them: `[rows, kvHeads, columns, headSize]` per layer and part,
 * rows right-aligned, the padding left of a row masked.
 */
export class PaddedCache<Row extends PaddedRow> {
  readonly rows: Row[] = []
  /** Cached positions of the longest row. */
  columns = 0
  private buffers: Float32Array[]

  constructor(
    /** Two buffers a layer: key, then value. */
    count: number,
    private readonly kvHeads: number,
    private readonly headSize: number,
  ) {
    this.buffers = Array.from({ length: count }, () => new Float32Array(0))
  }

  /** Dims of one buffer as it stands. */
  get dims(): [number, number, number, number] {
    return [this.rows.length, this.kvHeads, this.columns, this.headSize]
  }

  /** Memory that the buffers take, room for more included. */
  get bytes(): number {
    return this.buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)
  }

  /** One buffer as a step reads it. */
  read(buffer: number): Float32Array {
    return this.buffers[buffer].subarray(0, this.rows.length * this.rowSize)
  }

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

  /** Takes out a row; the last row moves into its place. */
  remove(index: number): void {
    const last = this.rows.length - 1
    if (index !== last) {
      const size = this.rowSize
      for (const buffer of this.buffers) buffer.copyWithin(index * size, last * size, (last + 1) * size)
      this.rows[index] = this.rows[last]
    }
    this.rows.pop()
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

  private get rowSize(): number {
    return this.kvHeads * this.columns * this.headSize
  }
}
