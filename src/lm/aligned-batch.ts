import { type Batch, type BatchModel, bufferNames, type Lane, run, tokenFeeds } from './batch.js'
import { OwnCache } from './own-cache.js'
import type { DecodeProfile } from './profile.js'
import type { Prefill } from './types.js'

/**
 * The ordinary path for graphs with GroupQueryAttention: that operator takes a row's length from the sum of its mask and
 * expects its positions at the left, padding after them. Fed with padding in front, as other graphs want it, it reads the
 * wrong positions without a word.
 */
export class AlignedBatch<L extends Lane> implements Batch<L> {
  private readonly cache: OwnCache<L>

  constructor(
    private readonly model: BatchModel,
    private readonly profile: DecodeProfile,
  ) {
    const { layers, kvHeads, headSize } = model.shape
    this.cache = new OwnCache(layers * 2, kvHeads, headSize)
  }

  get lanes(): readonly L[] {
    return this.cache.rows
  }

  get bytes(): number {
    return this.cache.bytes
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

  remove(index: number): void {
    this.cache.remove(index)
  }

  async step(): Promise<Float32Array> {
    const started = performance.now()
    const { cache } = this
    const { Tensor, shape } = this.model
    const { rows, slots } = cache
    const total = slots + 1
    const mask = new BigInt64Array(rows.length * total)
    rows.forEach((row, r) => {
      mask.fill(1n, r * total, r * total + row.length + 1)
    })
    const feeds = tokenFeeds(this.model, rows)
    feeds.attention_mask = new Tensor('int64', mask, [rows.length, total])
    const names = bufferNames(shape.layers, 'past_key_values')
    for (const [b, name] of names.entries()) feeds[name] = new Tensor('float32', cache.read(b), cache.dims)
    this.profile.cache += performance.now() - started
    const outputs = await run(this.model, feeds, this.profile)
    const ran = performance.now()
    const present = bufferNames(shape.layers, 'present').map((name) => outputs[name].data as Float32Array)
    cache.append(present.map((whole) => this.newPositions(whole, total)))
    for (const row of rows) row.position++
    this.profile.cache += performance.now() - ran
    return outputs.logits.data as Float32Array
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
