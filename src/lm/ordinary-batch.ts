import { type BatchModel, bufferNames, CachedBatch, type Lane } from './batch.js'
import { PaddedCache } from './padded-cache.js'
import type { DecodeProfile } from './profile.js'
import type { OrtTensor } from './session.js'
import type { Prefill } from './types.js'

/** Columns of padding that are worth a copy of the cache to get rid of. */
const TRIM_FROM_COLUMNS = 16

/** The ordinary path: every lane carries the whole cache of its prompt; lanes of different prompts mix. */
export class OrdinaryBatch<L extends Lane> extends CachedBatch<L, PaddedCache<L>> {
  constructor(model: BatchModel, profile: DecodeProfile) {
    const { layers, kvHeads, headSize } = model.shape
    super(model, profile, new PaddedCache(layers * 2, kvHeads, headSize))
  }

  add(lanes: readonly L[], prefills: readonly Prefill[]): void {
    lanes.forEach((lane, i) => {
      lane.length = lane.position = prefills[i].tokenIds.length
    })
    this.cache.add(
      lanes,
      prefills.map((prefill) => prefill.kv),
    )
  }

  protected ownFeeds(): Record<string, OrtTensor> {
    const { cache } = this
    if (cache.unusedColumns >= TRIM_FROM_COLUMNS) cache.add([], [])
    const { rows, columns } = cache
    const total = columns + 1
    const mask = new BigInt64Array(rows.length * total).fill(1n)
    rows.forEach((row, r) => {
      mask.fill(0n, r * total, r * total + columns - row.length)
    })
    return { attention_mask: new this.model.Tensor('int64', mask, [rows.length, total]) }
  }

  protected keep(outputs: Record<string, OrtTensor>): void {
    const names = bufferNames(this.model.shape.layers, 'present')
    this.cache.replace(names.map((name) => outputs[name].data as Float32Array))
  }
}
