import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { op } from '../../src/lm/graph/nodes.js'
import { encodeModel, FLOAT, INT64, type OnnxValueInfo } from '../../src/lm/graph/onnx-schema.js'
import { embeddedModelFolder } from '../../src/lm/index.js'

/** Tokens of the tiny model: three control tokens and the bytes. */
const VOCABULARY = 259

/** ChatML, as small models have it. */
export const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|bos|>' + message['role'] + '\\n' + message['content'] + '<|endoftext|>' }}{% endfor %}"

export interface ModelFolder {
  config: object
  generation: object
  tokenizerConfig: object
  tokenizer: object
  graph: Buffer
}

/** A decoder that loads in milliseconds and answers with rows of a table: the embedded model's tokenizer without its merges, and one Gather. */
export async function tinyModel(): Promise<ModelFolder> {
  const folder = embeddedModelFolder()
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
  const tokenizer = await read('tokenizer.json')
  const vocabulary = Object.entries(tokenizer.model.vocab as Record<string, number>).filter(([, id]) => id < VOCABULARY)
  const { num_hidden_layers: _, ...config } = await read('config.json')
  return {
    config: { ...config, num_hidden_layers: 1, vocab_size: VOCABULARY, max_position_embeddings: 64 },
    generation: await read('generation_config.json'),
    tokenizerConfig: { ...(await read('tokenizer_config.json')), chat_template: CHAT_TEMPLATE },
    tokenizer: { ...tokenizer, model: { ...tokenizer.model, vocab: Object.fromEntries(vocabulary), merges: [] } },
    graph: tinyGraph(),
  }
}

/** @param location keep the table in this file beside the graph instead of inside it */
export function tinyGraph(location?: string): Buffer {
  const cache = (name: string): OnnxValueInfo => tensor(name, FLOAT, ['b', 1, 'p', 2])
  const graph = {
    node: [
      op('Gather', ['table', 'input_ids'], 'logits'),
      op('Identity', ['past_key_values.0.key'], 'present.0.key'),
      op('Identity', ['past_key_values.0.value'], 'present.0.value'),
    ],
    initializer: [table(location)],
    input: [
      ...['input_ids', 'attention_mask', 'position_ids'].map((name) => tensor(name, INT64, ['b', 's'])),
      ...['key', 'value'].map((part) => cache(`past_key_values.0.${part}`)),
    ],
    output: [
      tensor('logits', FLOAT, ['b', 's', VOCABULARY]),
      ...['key', 'value'].map((part) => cache(`present.0.${part}`)),
    ],
    valueInfo: [],
  }
  // Fields that edt-tuner does not look at come in front: ir_version = 8.
  return Buffer.concat([Buffer.from([0x08, 0x08]), encodeModel({ opsetImport: [{ domain: '', version: 17 }], graph })])
}

function tensor(name: string, elemType: number, dims: (number | string)[]): OnnxValueInfo {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

/** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9, external_data = 13, data_location = 14. */
function table(location: string | undefined): Uint8Array {
  const writer = protobuf.Writer.create()
  writer.uint32(8).int64(VOCABULARY).uint32(8).int64(VOCABULARY).uint32(16).int32(FLOAT).uint32(66).string('table')
  if (location === undefined) {
    const values = Float32Array.from({ length: VOCABULARY ** 2 }, (_, i) => Math.sin(i))
    return writer.uint32(74).bytes(new Uint8Array(values.buffer)).finish()
  }
  const entry = protobuf.Writer.create().uint32(10).string('location').uint32(18).string(location).finish()
  return writer.uint32(106).bytes(entry).uint32(112).int32(1).finish()
}
