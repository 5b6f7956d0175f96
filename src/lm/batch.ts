import { OWN_BIAS, prefixKeyName, prefixValueName } from './graph/shared-prefix.js'
import { KvBatch, type KvRow } from './kv-batch.js'
import type { CacheShape, OrtSession, OrtTensor, TensorFactory } from './session.js'
import type { Prefill } from './types.js'

/** Large enough to silence a position, finite so that a row of padding does not become NaN. */
const MASKED = -1e9

/** A lane is one row of the model's batch. */
export interface Lane extends KvRow {
  /** Token to feed at the next step. */
  token: number
}

/** Rows that go through the model together. */
export interface Batch<L extends Lane> {
  readonly kv: KvBatch<L>
  /** Adds lanes that start after their prefill. */
  add(lanes: readonly L[], prefills: readonly Prefill[]): void
  /** Feeds every lane's token. @returns logits `[lanes, vocabulary]`, valid until the next step */
  step(): Promise<Float32Array>
}

export interface BatchModel {
  session: OrtSession
  Tensor: TensorFactory
  shape: CacheShape
  vocabularySize: number
}

/** The ordinary path: every lane carries the whole cache of its prompt; lanes of different prompts mix. */
export class OrdinaryBatch<L extends Lane> implements Batch<L> {
  readonly kv: KvBatch<L>
  private readonly runner: StepRunner<L>

  constructor(private readonly model: BatchModel) {
    this.kv = new KvBatch(model.shape.layers * 2, model.shape.kvHeads, model.shape.headSize)
    this.runner = new StepRunner(model, this.kv)
  }

  add(lanes: readonly L[], prefills: readonly Prefill[]): void {
    lanes.forEach((lane, i) => {
      lane.length = lane.position = prefills[i].tokenIds.length
    })
    this.kv.add(
      lanes,
      prefills.map((prefill) => prefill.kv),
    )
  }

  step(): Promise<Float32Array> {
    const { rows, columns } = this.kv
    const total = columns + 1
    const mask = new BigInt64Array(rows.length * total).fill(1n)
    rows.forEach((row, r) => {
      mask.fill(0n, r * total, r * total + columns - row.length)
    })
    return this.runner.run({ attention_mask: new this.model.Tensor('int64', mask, [rows.length, total]) })
  }
}

/** The shared-prefix path (see graph/shared-prefix.ts): all lanes continue one prompt. */
export class SharedPrefixBatch<L extends Lane> implements Batch<L> {
  readonly kv: KvBatch<L>
  private readonly runner: StepRunner<L>
  private readonly prefix: Record<string, OrtTensor> = {}

  constructor(
    private readonly model: BatchModel,
    private readonly prefill: Prefill,
  ) {
    const { kvHeads, headSize, layers } = model.shape
    this.kv = new KvBatch(layers * 2, kvHeads, headSize)
    this.runner = new StepRunner(model, this.kv)
    const positions = prefill.tokenIds.length
    prefill.kv.forEach((layer, i) => {
      const keys = transposeKeys(layer.key, kvHeads, positions, headSize)
      this.prefix[prefixKeyName(i)] = new model.Tensor('float32', keys, [kvHeads, headSize, positions])
      this.prefix[prefixValueName(i)] = new model.Tensor('float32', layer.value, [kvHeads, positions, headSize])
    })
  }

  add(lanes: readonly L[]): void {
    for (const lane of lanes) {
      lane.length = 0
      lane.position = this.prefill.tokenIds.length
    }
    this.kv.add(
      lanes,
      lanes.map(() => undefined),
    )
  }

  step(): Promise<Float32Array> {
    const { rows, columns } = this.kv
    const total = columns + 1
    const bias = new Float32Array(rows.length * total)
    rows.forEach((row, r) => {
      bias.fill(MASKED, r * total, r * total + columns - row.length)
    })
    const own = new this.model.Tensor('float32', bias, [rows.length, 1, 1, total])
    return this.runner.run({ ...this.prefix, [OWN_BIAS]: own })
  }
}

/** Feeds one token a lane, with the cache in and out of the batch's own buffers. */
class StepRunner<L extends Lane> {
  private logits = new Float32Array(0)

  constructor(
    private readonly model: BatchModel,
    private readonly kv: KvBatch<L>,
  ) {}

  async run(extra: Record<string, OrtTensor>): Promise<Float32Array> {
    const { kv } = this
    const { session, Tensor, shape, vocabularySize } = this.model
    const count = kv.rows.length
    const tokens = BigInt64Array.from(kv.rows, (row) => BigInt(row.token))
    const feeds: Record<string, OrtTensor> = { ...extra, input_ids: new Tensor('int64', tokens, [count, 1]) }
    if (session.inputNames.includes('position_ids')) {
      const positions = BigInt64Array.from(kv.rows, (row) => BigInt(row.position))
      feeds.position_ids = new Tensor('int64', positions, [count, 1])
    }
    if (session.inputNames.includes('num_logits_to_keep')) {
      feeds.num_logits_to_keep = new Tensor('int64', BigInt64Array.of(1n), [])
    }
    if (this.logits.length < count * vocabularySize) this.logits = new Float32Array(count * vocabularySize)
    const logits = this.logits.subarray(0, count * vocabularySize)
    const fetches: Record<string, OrtTensor> = { logits: new Tensor('float32', logits, [count, 1, vocabularySize]) }
    const [pastDims, presentDims] = [kv.dims(), kv.dims(kv.columns + 1)]
    for (let layer = 0; layer < shape.layers; layer++) {
      for (const [part, name] of ['key', 'value'].entries()) {
        const buffer = layer * 2 + part
        feeds[`past_key_values.${layer}.${name}`] = new Tensor('float32', kv.past(buffer), pastDims)
        fetches[`present.${layer}.${name}`] = new Tensor('float32', kv.present(buffer), presentDims)
      }
    }
    await session.run(feeds, fetches)
    kv.advance()
    return logits
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
