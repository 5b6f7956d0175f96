/**
 * Makes the GGUF file for the comparison with llama.cpp: the very weights of the SmolLM2 folder that the tests use, not quantised again. That ONNX file
 * was itself packed from a GGUF (Q4_1, tied embedding Q8_0; the folder's own notes tell how), so its codes and scales only change places.
 *
 *   npx tsx bench/llama-cpp/make-gguf.ts MODEL_FOLDER OUT.gguf
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { decodeModel } from '../../src/lm/graph/onnx-schema.js'
import { GGML_F32, GGML_Q4_1, GGML_Q8_0, type GgufTensor, type GgufValue, gguf } from './gguf.js'

/** Weights that share a scale. */
const BLOCK = 32

const [folder, out] = process.argv.slice(2)
if (folder === undefined || out === undefined) {
  console.error('npx tsx bench/llama-cpp/make-gguf.ts MODEL_FOLDER OUT.gguf')
  process.exit(2)
}
const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
const [config, tokenizer] = [await json('config.json'), await json('tokenizer.json')]
const { hidden_size: width, intermediate_size: inner, num_hidden_layers: layers } = config
const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headSize, vocab_size: vocabulary } = config
const constants = await readConstants(join(folder, 'onnx', 'model_q4.onnx'))

const tensors: GgufTensor[] = [embedding(), norm('output_norm.weight')]
for (let i = 0; i < layers; i++) {
  const name = (part: string) => `blk.${i}.${part}.weight`
  const [q, kv] = [heads * headSize, kvHeads * headSize]
  tensors.push(norm(name('attn_norm')), norm(name('ffn_norm')))
  tensors.push(matrix(name('attn_q'), `l${i}.qkv`, width, 0, q, heads))
  tensors.push(matrix(name('attn_k'), `l${i}.qkv`, width, q, kv, kvHeads))
  tensors.push(matrix(name('attn_v'), `l${i}.qkv`, width, q + kv, kv))
  tensors.push(matrix(name('attn_output'), `l${i}.o`, q, 0, width))
  tensors.push(matrix(name('ffn_gate'), `l${i}.gu`, width, 0, inner))
  tensors.push(matrix(name('ffn_up'), `l${i}.gu`, width, inner, inner))
  tensors.push(matrix(name('ffn_down'), `l${i}.down`, inner, 0, width))
}
await writeFile(out, gguf(metadata(), tensors))
console.log(`${out}: ${tensors.length} tensors`)

/** Raw bytes of the graph's constants by name. */
async function readConstants(path: string): Promise<Map<string, Uint8Array>> {
  const schema = protobuf.Root.fromJSON({
    nested: {
      Tensor: {
        fields: {
          dims: { rule: 'repeated', type: 'int64', id: 1 },
          name: { type: 'string', id: 8 },
          rawData: { type: 'bytes', id: 9 },
        },
      },
    },
  })
  const Tensor = schema.lookupType('Tensor')
  const found = new Map<string, Uint8Array>()
  for (const bytes of decodeModel(await readFile(path)).graph.initializer) {
    const { name, rawData } = Tensor.decode(bytes) as unknown as { name: string; rawData: Uint8Array }
    found.set(name, rawData)
  }
  return found
}

function constant(name: string): Uint8Array {
  const found = constants.get(name)
  if (found === undefined)
    throw new Error(`${folder} has no constant ${name}: it was not packed from a GGUF as its notes tell`)
  return found
}

function norm(name: string): GgufTensor {
  return { name, dims: [width], type: GGML_F32, data: constant(name) }
}

/** Q8_0: a float16 scale, then 32 signed bytes. */
function embedding(): GgufTensor {
  const [codes, scales] = [constant('embed.q8'), constant('embed.d')]
  const blocks = (vocabulary * width) / BLOCK
  const data = new Uint8Array(blocks * (2 + BLOCK))
  for (let b = 0; b < blocks; b++) {
    const at = b * (2 + BLOCK)
    data.set(scales.subarray(2 * b, 2 * b + 2), at)
    for (let j = 0; j < BLOCK; j++) data[at + 2 + j] = codes[b * BLOCK + j] - 128
  }
  return { name: 'token_embd.weight', dims: [width, vocabulary], type: GGML_Q8_0, data }
}

/**
 * Q4_1: float16 scale and minimum, then 16 bytes whose low halves are the block's first 16 codes.
 * @param from first of the rows, which may be stacked with others
 * @param rotaryHeads heads whose rows GGML wants with the two halves of each rotary pair side by side
 */
function matrix(
  name: string,
  source: string,
  columns: number,
  from: number,
  rows: number,
  rotaryHeads = 0,
): GgufTensor {
  const [codes, scales, minima] = [constant(`${source}.q4`), constant(`${source}.d`), constant(`${source}.m`)]
  const blocks = columns / BLOCK
  const size = 4 + BLOCK / 2
  const data = new Uint8Array(rows * blocks * size)
  for (let r = 0; r < rows; r++) {
    const source = from + (rotaryHeads === 0 ? r : interleaved(r, rows / rotaryHeads))
    for (let b = 0; b < blocks; b++) {
      const [at, block] = [(r * blocks + b) * size, source * blocks + b]
      data.set(scales.subarray(2 * block, 2 * block + 2), at)
      data.set(minima.subarray(2 * block, 2 * block + 2), at + 2)
      const code = (j: number) => (codes[block * 16 + (j >> 1)] >> (4 * (j & 1))) & 15
      for (let j = 0; j < 16; j++) data[at + 4 + j] = code(j) | (code(j + 16) << 4)
    }
  }
  return { name, dims: [columns, rows], type: GGML_Q4_1, data }
}

/** Where GGML's row r of a head, pairs side by side, stands when the pairs are a half of the head apart. */
function interleaved(r: number, size: number): number {
  const [head, place] = [Math.floor(r / size), r % size]
  return head * size + (place % 2) * (size / 2) + (place >> 1)
}

function metadata(): Record<string, GgufValue> {
  const vocabularyEntries = Object.entries(tokenizer.model.vocab as Record<string, number>)
  const tokens = vocabularyEntries.sort(([, a], [, b]) => a - b).map(([token]) => token)
  const control = new Set((tokenizer.added_tokens as { id: number; special: boolean }[]).map(({ id }) => id))
  const [normalToken, controlToken] = [1, 3]
  return {
    'general.architecture': { string: 'llama' },
    'general.name': { string: 'SmolLM2-135M-Instruct' },
    'general.file_type': { uint32: 3 },
    'llama.block_count': { uint32: layers },
    'llama.context_length': { uint32: config.max_position_embeddings },
    'llama.embedding_length': { uint32: width },
    'llama.feed_forward_length': { uint32: inner },
    'llama.attention.head_count': { uint32: heads },
    'llama.attention.head_count_kv': { uint32: kvHeads },
    'llama.attention.layer_norm_rms_epsilon': { float32: config.rms_norm_eps },
    'llama.rope.dimension_count': { uint32: headSize },
    'llama.rope.freq_base': { float32: config.rope_theta },
    'llama.vocab_size': { uint32: vocabulary },
    'tokenizer.ggml.model': { string: 'gpt2' },
    'tokenizer.ggml.pre': { string: 'smollm' },
    'tokenizer.ggml.tokens': { strings: tokens },
    'tokenizer.ggml.token_type': { int32s: tokens.map((_, id) => (control.has(id) ? controlToken : normalToken)) },
    'tokenizer.ggml.merges': { strings: (tokenizer.model.merges as [string, string][]).map((pair) => pair.join(' ')) },
    'tokenizer.ggml.bos_token_id': { uint32: config.bos_token_id },
    'tokenizer.ggml.eos_token_id': { uint32: config.eos_token_id },
  }
}
