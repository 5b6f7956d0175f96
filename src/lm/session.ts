/** The parts of an ONNX Runtime tensor that decoding uses. */
export interface OrtTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: Float32Array | Uint16Array | BigInt64Array
}

/** The parts of an ONNX Runtime session that decoding uses; transformers.js holds one in `model.sessions`. */
export interface OrtSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: readonly {
    name: string
    isTensor: boolean
    type?: string
    shape?: readonly (number | string)[]
  }[]
  readonly outputMetadata: readonly {
    name: string
    isTensor: boolean
    type?: string
    shape?: readonly (number | string)[]
  }[]
  run(feeds: Record<string, OrtTensor>, fetches?: Record<string, OrtTensor | null>): Promise<Record<string, OrtTensor>>
  release(): Promise<void>
}

/** Makes tensors of the runtime that transformers.js has loaded. */
export type TensorFactory = new (
  type: 'float32' | 'float16' | 'int64',
  data: Float32Array | Uint16Array | BigInt64Array,
  dims: readonly number[],
) => OrtTensor

/** What a decoder's cache looks like, read from the session's inputs. */
export interface CacheShape {
  layers: number
  kvHeads: number
  headSize: number
}

/**
 * Reads the cache's shape from inputs `past_key_values.{i}.key` `[batch, kvHeads, past, headSize]`.
 * @returns the shape, or a sentence that says why this engine cannot drive the session
 */
export function cacheShape(session: OrtSession): CacheShape | string {
  const keys = session.inputMetadata.filter((input) => /^past_key_values\.\d+\.key$/.test(input.name))
  const first = keys[0]
  if (first === undefined) return 'it has no past_key_values inputs, so it is no decoder-only causal language model'
  const known = /^(input_ids|attention_mask|position_ids|num_logits_to_keep|past_key_values\.\d+\.(key|value))$/
  const unknown = session.inputNames.find((name) => !known.test(name))
  if (unknown !== undefined) return `it asks for an input "${unknown}" that this engine does not know`
  if (!session.outputNames.includes('logits')) return 'it has no output "logits"'
  if (first.type !== 'float32') {
    return `its cache is ${first.type}, but the engine needs float32; choose a dtype with a float32 cache (fp32, q8, q4)`
  }
  const [, kvHeads, , headSize] = first.shape ?? []
  if (typeof kvHeads !== 'number' || typeof headSize !== 'number') {
    return 'the number of key/value heads or the head size is not written in the graph'
  }
  return { layers: keys.length, kvHeads, headSize }
}
