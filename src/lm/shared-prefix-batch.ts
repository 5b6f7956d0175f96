import { type BatchModel, bufferNames, CachedBatch, type Lane } from './batch.js'
import { newKeyName, newValueName, OWN_BIAS, prefixKeyName, prefixValueName } from './graph/shared-prefix.js'
import { OwnCache } from './own-cache.js'
import type { DecodeProfile } from './profile.js'
import type { OrtTensor } from './session.js'
import type { Prefill } from './types.js'

/** Large enough to silence a position, finite so that a row of padding does not become NaN. */
const MASKED = -1e9

/** The shared-prefix path (see graph/shared-prefix.ts): all lanes continue one prompt. */
export class SharedPrefixBatch<L extends Lane> extends CachedBatch<L, OwnCache<L>> {
  private readonly prefix: Record<string, OrtTensor> = {}

  constructor(
    model: BatchModel,
    private readonly prefill: Prefill,
    profile: DecodeProfile,
  ) {
    const { kvHeads, headSize, layers } = model.shape
    super(model, profile, new OwnCache(layers * 2, kvHeads, headSize))
    const positions = prefill.tokenIds.length
    prefill.kv.forEach((layer, i) => {
      const keys = transposeKeys(layer.key, kvHeads, positions, headSize)
      this.prefix[prefixKeyName(i)] = new model.Tensor('float32', keys, [kvHeads, headSize, positions])
      this.prefix[prefixValueName(i)] = new model.Tensor('float32', layer.value, [kvHeads, positions, headSize])
    })
  }

  override get bytes(): number {
    const prefix = this.prefill.kv.reduce((sum, { key, value }) => sum + key.byteLength + value.byteLength, 0)
    return super.bytes + prefix
  }

  add(lanes: readonly L[]): void {
    for (const lane of lanes) {
      lane.length = 0
      lane.position = this.prefill.tokenIds.length
    }
    this.cache.add(lanes)
  }

  /** Adds lanes that have come as far as the one at `index`. */
  fork(index: number, lanes: readonly L[]): void {
    this.cache.fork(index, lanes)
  }

  protected ownFeeds(): Record<string, OrtTensor> {
    const { rows, columns } = this.cache
    const bias = new Float32Array(rows.length * columns)
    rows.forEach((row, r) => {
      bias.fill(MASKED, r * columns + row.length, (r + 1) * columns)
    })
    return { ...this.prefix, [OWN_BIAS]: new this.model.Tensor('float32', bias, [rows.length, 1, 1, columns]) }
  }

  protected keep(outputs: Record<string, OrtTensor>): void {
    const names = bufferNames(this.model.shape.layers, 'past_key_values')
    this.cache.append(
      names.map((_, b) => outputs[b % 2 === 0 ? newKeyName(b >> 1) : newValueName(b >> 1)].data as Float32Array),
    )
  }
}

/** `[kvHeads, positions, headSize]` → `[kvHeads, headSize, positions]`. */
function transposeKeys(keys: Float32Array, kvHeads: number, positions: number, headSize: number): Float32Array {
  const result = new Float32Array(keys.length)
  for (let h = 0; h < kvHeads; h++) {
    const base = h * positions * headSize
    for (let p = 0; p < positions; p++) {
      for (let d = 0; d < headSize; d++) result[base + d * positions + p] = keys[base + p * headSize + d]
    }
  }
  return result
}
