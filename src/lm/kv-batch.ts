import type { KvLayer } from './types.js'

/** One row of a batch: how much of the cache is its own, and where it stands. */
export interface KvRow {
  /** Cached positions of this row; they lie at the right end of the cache. */
  length: number
  /** Position id of the next token. */
  position: number
}

/**
 * Keys and values of the rows of one batch, `[rows, kvHeads, columns, headSize]` per layer, rows right-aligned.
 *
 * Two sets of buffers are used in turn, so that a step reads one and writes the other without allocating: fresh memory
 * for every output costs more in page faults than the model itself on small models.
 */
export class KvBatch<Row extends KvRow> {
  readonly rows: Row[] = []
  /** Cached positions of the longest row. */
  columns = 0
  private current: Float32Array[]
  private spare: Float32Array[]

  constructor(
    /** Two buffers a layer: key, then value. */
    private readonly buffers: number,
    private readonly kvHeads: number,
    private readonly headSize: number,
  ) {
    this.current = Array.from({ length: buffers }, () => new Float32Array(0))
    this.spare = Array.from({ length: buffers }, () => new Float32Array(0))
  }

  /** Dims of one buffer as it stands. */
  dims(columns = this.columns): [number, number, number, number] {
    return [this.rows.length, this.kvHeads, columns, this.headSize]
  }

  /** The cache as a step reads it. */
  past(buffer: number): Float32Array {
    return this.current[buffer].subarray(0, this.size(this.rows.length, this.columns))
  }

  /** Room for the cache after a step: one more column. Call `advance` when the step has written it. */
  present(buffer: number): Float32Array {
    const size = this.size(this.rows.length, this.columns + 1)
    if (this.spare[buffer].length < size) this.spare[buffer] = new Float32Array(Math.ceil(size * 1.5))
    return this.spare[buffer].subarray(0, size)
  }

  /** Makes what the step wrote the current cache; every row is one position longer. */
  advance(): void {
    this.swap()
    this.columns++
    for (const row of this.rows) {
      row.length++
      row.position++
    }
  }

  /** Takes out a row; the last row moves into its place. */
  remove(index: number): void {
    const last = this.rows.length - 1
    if (index !== last) {
      const rowSize = this.size(1, this.columns)
      for (const buffer of this.current) buffer.copyWithin(index * rowSize, last * rowSize, (last + 1) * rowSize)
      this.rows[index] = this.rows[last]
    }
    this.rows.pop()
    if (this.rows.length === 0) this.columns = 0
  }

  /**
   * Adds rows at the end, each with the cache of its prefix (or none), and drops columns that no row uses any more.
   * @param prefixes one a new row: layers of `[1, kvHeads, row.length, headSize]`, or undefined when `row.length` is 0
   */
  add(newRows: readonly Row[], prefixes: readonly (readonly KvLayer[] | undefined)[]): void {
    const before = this.rows.length
    const oldColumns = this.columns
    const columns = Math.max(0, ...this.rows.map((row) => row.length), ...newRows.map((row) => row.length))
    const total = before + newRows.length
    this.rows.push(...newRows)
    for (let b = 0; b < this.buffers; b++) {
      const target = this.ensureSpare(b, total, columns)
      for (let r = 0; r < before; r++) {
        const { length } = this.rows[r]
        for (let h = 0; h < this.kvHeads; h++) {
          this.copyHead(
            this.current[b],
            (r * this.kvHeads + h) * oldColumns + oldColumns - length,
            target,
            r,
            h,
            columns,
            length,
          )
        }
      }
      for (let n = 0; n < newRows.length; n++) {
        const layer = prefixes[n]?.[b >> 1]
        if (layer === undefined) continue
        const source = b % 2 === 0 ? layer.key : layer.value
        const { length } = newRows[n]
        for (let h = 0; h < this.kvHeads; h++) this.copyHead(source, h * length, target, before + n, h, columns, length)
      }
    }
    this.swap()
    this.columns = columns
  }

  /** Columns at the left that no row uses; `add([], [])` drops them. */
  get unusedColumns(): number {
    let longest = 0
    for (const row of this.rows) longest = Math.max(longest, row.length)
    return this.columns - longest
  }

  private copyHead(
    source: Float32Array,
    sourceColumn: number,
    target: Float32Array,
    row: number,
    head: number,
    columns: number,
    length: number,
  ): void {
    const { headSize } = this
    const to = ((row * this.kvHeads + head) * columns + columns - length) * headSize
    const from = sourceColumn * headSize
    // The padding left of a row is masked, but must hold finite numbers: 0 · NaN is NaN.
    target.fill(0, (row * this.kvHeads + head) * columns * headSize, to)
    target.set(source.subarray(from, from + length * headSize), to)
  }

  private ensureSpare(buffer: number, rows: number, columns: number): Float32Array {
    const size = this.size(rows, columns)
    if (this.spare[buffer].length < size) this.spare[buffer] = new Float32Array(Math.ceil(size * 1.5))
    return this.spare[buffer]
  }

  private size(rows: number, columns: number): number {
    return rows * this.kvHeads * columns * this.headSize
  }

  private swap(): void {
    ;[this.current, this.spare] = [this.spare, this.current]
  }
}
