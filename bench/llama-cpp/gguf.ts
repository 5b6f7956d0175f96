/** GGML's codes of tensor types that are written here. */
export const GGML_F32 = 0
export const GGML_Q4_1 = 3
export const GGML_Q8_0 = 8

/** Codes of metadata types. */
const [UINT32, INT32, FLOAT32, STRING, ARRAY] = [4, 5, 6, 8, 9]
const ALIGNMENT = 32

/** A metadata value with its type; arrays of strings or int32. */
export type GgufValue =
  | { uint32: number }
  | { float32: number }
  | { string: string }
  | { strings: readonly string[] }
  | { int32s: readonly number[] }

export interface GgufTensor {
  name: string
  /** Innermost first, as GGML counts. */
  dims: readonly number[]
  type: number
  data: Uint8Array
}

/** Bytes of a GGUF file, version 3 (github.com/ggml-org/ggml, docs/gguf.md). */
export function gguf(metadata: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Buffer {
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(Object.keys(metadata).length)]
  for (const [key, value] of Object.entries(metadata)) head.push(string(key), encoded(value))
  let offset = 0
  for (const { name, dims, type, data } of tensors) {
    head.push(string(name), u32(dims.length), ...dims.map(u64), u32(type), u64(offset))
    offset += aligned(data.length)
  }
  const parts = [padded(Buffer.concat(head)), ...tensors.map(({ data }) => padded(data))]
  return Buffer.concat(parts)
}

function encoded(value: GgufValue): Buffer {
  if ('uint32' in value) return Buffer.concat([u32(UINT32), u32(value.uint32)])
  if ('string' in value) return Buffer.concat([u32(STRING), string(value.string)])
  if ('float32' in value) {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(value.float32)
    return Buffer.concat([u32(FLOAT32), bytes])
  }
  if ('strings' in value) {
    return Buffer.concat([u32(ARRAY), u32(STRING), u64(value.strings.length), ...value.strings.map(string)])
  }
  const bytes = Buffer.from(Int32Array.from(value.int32s).buffer)
  return Buffer.concat([u32(ARRAY), u32(INT32), u64(value.int32s.length), bytes])
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)])
}
