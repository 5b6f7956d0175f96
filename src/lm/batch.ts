import { newKeyName, newValueName, OWN_BIAS, prefixKeyName, prefixValueName } from './graph/shared-prefix.js'
import { OwnCache } from './own-cache.js'
import { PaddedCache } from './padded-cache.js'
import type { DecodeProfile } from './profile.js'
import type { CacheShape, OrtSession, OrtTensor, TensorFactory } from './session.js'
import type { Prefill } from './types.js'

/** Large enough to silence a position, finite so that a row of padding does not become NaN. */
const MASKED = -1e9
/** Columns of padding that are worth a copy of the cache to get rid of. */
const TRIM_FROM_COLUMNS = 16

/** A lane is one row of the model's batch. */
export interface Lane {
  /** Token to feed at the next step. */
  token: number
  /** Positions in the lane's own cache. */
  length: number
  /** Position id of the next token. */
  position: number
}

/** Lanes that go through the model together. */
export interface Batch<L extends Lane> {
  readonly lanes: readonly L[]
  /** Memory of the keys and values that the batch holds, the prompt's included. */
  readonly bytes: number
  /** Adds lanes that start after their prefill. */
  add(lanes: readonly L[], prefills: readonly Prefill[]): void
  /** Feeds every lane's token. @returns logits `[lanes, vocabulary]` */
  step(): Promise<Float32Array>
  /** Takes out a lane; the last one moves into its place. */
  remove(index: number): void
}

export interface BatchModel {
  session: OrtSession
  /** Shorter rows of a batch are padded behind their positions instead of before them; see aligned-batch.ts. */
  padsRight: boolean
  Tensor: TensorFactory
  shape: CacheShape
  vocabularySize: number
}

/** The ordinary path: every lane carries the whole cache of its prompt; lanes of different prompts mix. */
export class OrdinaryBatch<L extends Lane> implements Batch<L> {
  private readonly cache: PaddedCache<L>

  constructor(
    private readonly model: BatchModel,
    private readonly profile: DecodeProfile,
  ) {
    const { layers, kvHeads, headSize } = model.shape
    this.cache = new PaddedCache(layers * 2, kvHeads, headSize)
  }

  get lanes(): readonly L[] {
    return this.cache.rows
  }

  get bytes(): number {
    return this.cache.bytes
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

  remove(index: number): void {
    this.cache.remove(index)
  }

  async step(): Promise<Float32Array> {
    const started = performance.now()
    const { cache } = this
    const { Tensor, shape } = this.model
    if (cache.unusedColumns >= TRIM_FROM_COLUMNS) cache.add([], [])
    const { rows, columns } = cache
    const total = columns + 1
    const mask = new BigInt64Array(rows.length * total).fill(1n)
    rows.forEach((row, r) => {
      mask.fill(0n, r * total, r * total + columns - row.length)
    })
    const feeds = tokenFeeds(this.model, rows)
    feeds.attention_mask = new Tensor('int64', mask, [rows.length, total])
    const names = bufferNames(shape.layers, 'past_key_values')
    for (const [b, name] of names.entries()) feeds[name] = new Tensor('float32', cache.read(b), cache.dims)
    this.profile.cache += performance.now() - started
    const outputs = await run(this.model, feeds, this.profile)
    const ran = performance.now()
    cache.replace(bufferNames(shape.layers, 'present').map((name) => outputs[name].data as Float32Array))
    for (const row of rows) row.position++
    this.profile.cache += performance.now() - ran
    return outputs.logits.data as Float32Array
  }
}

/** The shared-prefix path (see graph/shared-prefix.ts): all lanes continue one prompt. */
export class SharedPrefixBatch<L extends Lane> implements Batch<L> {
  private readonly cache: OwnCache<L>
  private readonly prefix: Record<string, OrtTensor> = {}

  constructor(
    private readonly model: BatchModel,
    private readonly prefill: Prefill,
    private readonly profile: DecodeProfile,
  ) {
    const { kvHeads, headSize, layers } = model.shape
    this.cache = new OwnCache(layers * 2, kvHeads, headSize)
    const positions = prefill.tokenIds.length
    prefill.kv.forEach((layer, i) => {
      const keys = transposeKeys(layer.key, kvHeads, positions, headSize)
      this.prefix[prefixKeyName(i)] = new model.Tensor('float32', keys, [kvHeads, headSize, positions])
      this.prefix[prefixValueName(i)] = new model.Tensor('float32', layer.value, [kvHeads, positions, headSize])
    })
  }

  get lanes(): readonly L[] {
    return this.cache.rows
  }

  get bytes(): number {
    const prefix = this.prefill.kv.reduce((sum, { key, value }) => sum + key.byteLength + value.byteLength, 0)
    return this.cache.bytes + prefix
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

  remove(index: number): void {
    this.cache.remove(index)
  }

  async step(): Promise<Float32Array> {
    const started = performance.now()
    const { cache } = this
    const { Tensor, shape } = this.model
    const { rows, slots } = cache
    const bias = new Float32Array(rows.length * slots)
    rows.forEach((row, r) => {
      bias.fill(MASKED, r * slots + row.length, (r + 1) * slots)
    })
    const feeds: Record<string, OrtTensor> = { ...this.prefix, ...tokenFeeds(this.model, rows) }
    feeds[OWN_BIAS] = new Tensor('float32', bias, [rows.length, 1, 1, slots])
    const names = bufferNames(shape.layers, 'past_key_values')
    for (const [b, name] of names.entries()) feeds[name] = new Tensor('float32', cache.read(b), cache.dims)
    this.profile.cache += performance.now() - started
    const outputs = await run(this.model, feeds, this.profile)
    const ran = performance.now()
    cache.append(
      names.map((_, b) => outputs[b % 2 === 0 ? newKeyName(b >> 1) : newValueName(b >> 1)].data as Float32Array),
    )
    for (const row of rows) row.position++
    this.profile.cache += performance.now() - ran
    return outputs.logits.data as Float32Array
  }
}

/** One step of the model, its time counted. */
export async function run(
  { session }: BatchModel,
  feeds: Record<string, OrtTensor>,
  profile: DecodeProfile,
): Promise<Record<string, OrtTensor>> {
  const started = performance.now()
  const outputs = await session.run(feeds)
  profile.model += performance.now() - started
  return outputs
}

/** Inputs that do not depend on how the cache is kept. */
export function tokenFeeds({ session, Tensor }: BatchModel, lanes: readonly Lane[]): Record<string, OrtTensor> {
  const dims = [lanes.length, 1]
  const tokens = BigInt64Array.from(lanes, (lane) => BigInt(lane.token))
  const feeds: Record<string, OrtTensor> = { input_ids: new Tensor('int64', tokens, dims) }
  if (session.inputNames.includes('position_ids')) {
    feeds.position_ids = new Tensor(
      'int64',
      BigInt64Array.from(lanes, (lane) => BigInt(lane.position)),
      dims,
    )
  }
  if (session.inputNames.includes('num_logits_to_keep')) {
    feeds.num_logits_to_keep = new Tensor('int64', BigInt64Array.of(1n), [])
  }
  return feeds
}

/** `prefix.0.key`, `prefix.0.value`, `prefix.1.key` … */
export function bufferNames(layers: number, prefix: string): string[] {
  return Array.from({ length: layers * 2 }, (_, b) => `${prefix}.${b >> 1}.${b % 2 === 0 ? 'key' : 'value'}`)
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
