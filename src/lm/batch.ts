import type { DecodeProfile } from './profile.js'
import type { RowCache } from './row-cache.js'
import type { CacheShape, OrtSession, OrtTensor, TensorFactory } from './session.js'
import type { Prefill } from './types.js'

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

/** What the ways of keeping the cache share: how a step goes. */
export abstract class CachedBatch<L extends Lane, Cache extends RowCache<L>> implements Batch<L> {
  constructor(
    protected readonly model: BatchModel,
    protected readonly profile: DecodeProfile,
    protected readonly cache: Cache,
  ) {}

  get lanes(): readonly L[] {
    return this.cache.rows
  }

  get bytes(): number {
    return this.cache.bytes
  }

  abstract add(lanes: readonly L[], prefills: readonly Prefill[]): void

  remove(index: number): void {
    this.cache.remove(index)
  }

  async step(): Promise<Float32Array> {
    const started = performance.now()
    const { model, cache, profile } = this
    const feeds = { ...this.ownFeeds(), ...tokenFeeds(model, cache.rows) }
    for (const [b, name] of bufferNames(model.shape.layers, 'past_key_values').entries()) {
      feeds[name] = new model.Tensor('float32', cache.read(b), cache.dims)
    }
    const fed = performance.now()
    const outputs = await model.session.run(feeds)
    const ran = performance.now()
    this.keep(outputs)
    for (const row of cache.rows) row.position++
    profile.model += ran - fed
    profile.cache += fed - started + (performance.now() - ran)
    return outputs.logits.data as Float32Array
  }

  /** Mask or bias, and what else only this way of keeping the cache feeds. Called before the cache is read. */
  protected abstract ownFeeds(): Record<string, OrtTensor>

  /** Takes the step's keys and values into the cache. */
  protected abstract keep(outputs: Record<string, OrtTensor>): void
}

/** Inputs that do not depend on how the cache is kept. */
function tokenFeeds({ session, Tensor }: BatchModel, lanes: readonly Lane[]): Record<string, OrtTensor> {
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
