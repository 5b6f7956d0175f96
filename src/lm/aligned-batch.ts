import { type BatchModel, bufferNames, CachedBatch, type Lane } from './batch.js'
import { OwnCache } from './own-cache.js'
import type { DecodeProfile } from './profile.js'
import type { OrtTensor } from './session.js'
import type { Prefill } from './types.js'

/**
 * The ordinary path for graphs with GroupQueryAttention: that operator takes a row's length from the sum of its mask and
 * expects its positions at the left, padding after them. Fed with padding in front, as other graphs want it, it reads the
 * wrong positions without a word.
 */
export class AlignedBatch<L extends Lane> extends CachedBatch<L, OwnCache<L>> {
  constructor(model: BatchModel, profile: DecodeProfile) {
    const { layers, kvHeads, headSize } = model.shape
    super(model, profile, new OwnCache(layers * 2, kvHeads, headSize))
  }

  add(lanes: readonly L[], prefills: readonly Prefill[]): void {
    const first = this.cache.rows.length
    lanes.forEach((lane, i) => {
      lane.length = lane.position = prefills[i].tokenIds.length
    })
    this.cache.add(lanes)
    prefills.forEach(({ kv }, i) => {
      kv.forEach(({ key, value }, layer) => {
        this.cache.fill(first + i, 2 * layer, key)
        this.cache.fill(first + i, 2 * layer + 1, value)
      })
    })
  }

  protected ownFeeds(): Record<string, OrtTensor> {
    const { rows, columns } = this.cache
    const total = columns + 1
    const mask = new BigInt64Array(rows.length * total)
    rows.forEach((row, r) => {
      mask.fill(1n, r * total, r * total + row.length + 1)
    })
    return { attention_mask: new this.model.Tensor('int64', mask, [rows.length, total]) }
  }

  protected keep(outputs: Record<string, OrtTensor>): void {
    const total = this.cache.columns + 1
    const present = bufferNames(this.model.shape.layers, 'present').map((name) => outputs[name].data as Float32Array)
    this.cache.append(present.map((whole) => this.newPositions(whole, total)))
  }

  /** Of `[rows, kvHeads, total, headSize]` each row's newest position, `[rows, kvHeads, 1, headSize]`. */
  private newPositions(whole: Float32Array, total: number): Float32Array {
    const { kvHeads, headSize } = this.model.shape
    const { rows } = this.cache
    const found = new Float32Array(rows.length * kvHeads * headSize)
    for (let i = 0; i < rows.length * kvHeads; i++) {
      const from = (i * total + rows[Math.floor(i / kvHeads)].length) * headSize
      found.set(whole.subarray(from, from + headSize), i * headSize)
    }
    return found
  }
}
