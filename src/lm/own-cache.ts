import { type CachedRow, RowCache } from './row-cache.js'

/** Slots are added in groups, so that the cache is laid out anew only now and then. */
const SLOT_GROUP = 16

/**
 * Keys and values of the rows of one batch, in place: buffers `[rows, kvHeads, columns, headSize]`, each row's positions from
 * column 0 on. A step reads the whole buffers (unused columns are masked) and returns only the new position of each row, which
 * is written into its column here: nothing of the size of the cache is ever copied out of the runtime.
 */
export class OwnCache<Row extends CachedRow> extends RowCache<Row> {
  /** Positions that each row has room for. */
  columns = SLOT_GROUP
  private roomForRows = 0

  /** Adds rows at the end. Rows with `length` > 0 must be filled with `fill`. */
  add(rows: readonly Row[]): void {
    this.rows.push(...rows)
    const longest = Math.max(0, ...this.rows.map((row) => row.length))
    this.reserve(this.rows.length, longest + 1)
  }

  /** Adds rows at the end, each with a copy of what the row at `index` has cached; their lengths must be its length. */
  fork(index: number, rows: readonly Row[]): void {
    const first = this.rows.length
    this.add(rows)
    const size = this.rowSize
    for (const buffer of this.buffers) {
      for (let r = first; r < this.rows.length; r++) buffer.copyWithin(r * size, index * size, (index + 1) * size)
    }
  }

  /** Writes the cache of a row that starts with one: `source` is `[kvHeads, row.length, headSize]`. */
  fill(row: number, buffer: number, source: Float32Array): void {
    const size = this.rows[row].length * this.headSize
    for (let h = 0; h < this.kvHeads; h++) {
      this.buffers[buffer].set(source.subarray(h * size, (h + 1) * size), this.offset(row, h, 0))
    }
  }

  /** Writes each row's new position, `[rows, kvHeads, 1, headSize]`, one array a buffer; every row is one longer. */
  append(newPositions: readonly Float32Array[]): void {
    const { headSize, kvHeads } = this
    newPositions.forEach((source, b) => {
      const target = this.buffers[b]
      let from = 0
      for (let r = 0; r < this.rows.length; r++) {
        for (let h = 0; h < kvHeads; h++) {
          const to = this.offset(r, h, this.rows[r].length)
          for (let d = 0; d < headSize; d++) target[to + d] = source[from + d]
          from += headSize
        }
      }
    })
    let longest = 0
    for (const row of this.rows) longest = Math.max(longest, ++row.length)
    this.reserve(this.rows.length, longest + 1)
  }

  private offset(row: number, head: number, slot: number): number {
    return ((row * this.kvHeads + head) * this.columns + slot) * this.headSize
  }

  /** Makes room; what is cached keeps its place in its row. */
  private reserve(rows: number, slots: number): void {
    const wanted = Math.max(this.columns, Math.ceil(slots / SLOT_GROUP) * SLOT_GROUP)
    if (wanted === this.columns && rows <= this.roomForRows) return
    // Rows that part come one by one: half as much room again keeps the copies few.
    const room = rows > this.roomForRows ? Math.ceil(rows * (this.roomForRows > 0 ? 1.5 : 1)) : this.roomForRows
    const heads = this.roomForRows * this.kvHeads
    this.buffers = this.buffers.map((old) => {
      const grown = new Float32Array(room * this.kvHeads * wanted * this.headSize)
      const [from, to] = [this.columns * this.headSize, wanted * this.headSize]
      for (let h = 0; h < heads; h++) grown.set(old.subarray(h * from, (h + 1) * from), h * to)
      return grown
    })
    this.columns = wanted
    this.roomForRows = room
  }
}
