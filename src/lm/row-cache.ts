/** A row of a batch whose keys and values are kept between steps. */
export interface CachedRow {
  /** Cached positions of this row. */
  length: number
}

/** Keys and values of the rows of one batch: buffers `[rows, kvHeads, columns, headSize]`, two a layer (key, then value). How a row lies in its columns is the subclass's. */
export abstract class RowCache<Row extends CachedRow> {
  readonly rows: Row[] = []
  protected buffers: Float32Array[]

  constructor(
    /** Two buffers a layer: key, then value. */
    count: number,
    protected readonly kvHeads: number,
    protected readonly headSize: number,
  ) {
    this.buffers = Array.from({ length: count }, () => new Float32Array(0))
  }

  /** Positions that each row takes in a buffer. */
  abstract readonly columns: number

  /** Dims of one buffer as it stands. */
  get dims(): [number, number, number, number] {
    return [this.rows.length, this.kvHeads, this.columns, this.headSize]
  }

  /** Memory that the buffers take, room for more included. */
  get bytes(): number {
    return this.buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)
  }

  /** One buffer as a step reads it; what no row uses are finite numbers without meaning. */
  read(buffer: number): Float32Array {
    return this.buffers[buffer].subarray(0, this.rows.length * this.rowSize)
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

  protected get rowSize(): number {
    return this.kvHeads * this.columns * this.headSize
  }
}
