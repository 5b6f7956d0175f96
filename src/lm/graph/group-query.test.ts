import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../package-root.js'
import { createRule, createSampler, randomStream, type Sampler } from '../../sampling/index.js'
import { embeddedPrompts } from '../../testing/models.js'
import { loadModel } from '../load.js'
import type { OnnxLanguageModel } from '../model.js'
import type { EngineOptions, Prefill } from '../types.js'
import { int, MICROSOFT, op } from './nodes.js'
import {
  attributeInt,
  decodeModel,
  encodeModel,
  int64Initializer,
  type OnnxModel,
  type OnnxNode,
} from './onnx-schema.js'
import { sharePrefix } from './shared-prefix.js'

const embedded = join(packageRoot(), 'data', 'models', 'debian-6m')
const graphPath = join('onnx', 'model_quantized.onnx')
let folder: string
let original: OnnxLanguageModel

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-gqa-'))
  original = await loadModel('debian-6m', { threads: 1 })
})
afterAll(async () => {
  await original.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** Which parts the operator does itself. */
interface Variant {
  name: string
  rotary: boolean
  packed: boolean
}

/** The embedded model as exporters write it that use GroupQueryAttention: lengths come from the mask's sum. */
function withGroupQueryAttention(bytes: Uint8Array, { rotary, packed }: Variant): OnnxModel {
  const model = decodeModel(bytes)
  const { graph } = model
  const producer = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)))
  graph.initializer.push(int64Initializer('gqa.one', [1]), int64Initializer('gqa.axis', [1]))
  const lengths = [
    op('ReduceSum', ['attention_mask', 'gqa.axis'], 'gqa.sum', [int('keepdims', 0)]),
    op('Sub', ['gqa.sum', 'gqa.one'], 'gqa.last'),
    op('Cast', ['gqa.last'], 'gqa.seqlens', [int('to', 6)]),
    op('Shape', ['attention_mask'], 'gqa.total1', [int('start', 1), int('end', 2)]),
    op('Squeeze', ['gqa.total1'], 'gqa.total0'),
    op('Cast', ['gqa.total0'], 'gqa.total', [int('to', 6)]),
  ]
  const turned = (name: string): string => (rotary ? producer.get(name)!.input[0] : name)
  const rotaryNode = graph.node.find((node) => node.opType === 'RotaryEmbedding') as OnnxNode
  graph.node = [
    ...lengths,
    ...graph.node.flatMap((node) => {
      if (node.opType !== 'Attention') return [node]
      const [query, key, value, , pastKey, pastValue] = node.input
      const [q, k, v] = [turned(query), turned(key), value]
      const before = packed ? [op('Concat', [q, k, v], `gqa.${pastKey}`, [int('axis', -1)])] : []
      const inputs = packed ? [`gqa.${pastKey}`, '', ''] : [q, k, v]
      const caches = rotary ? [rotaryNode.input[2], rotaryNode.input[3]] : []
      const attributes = [
        int('num_heads', attributeInt(node, 'q_num_heads')!),
        int('kv_num_heads', attributeInt(node, 'kv_num_heads')!),
        int('do_rotary', rotary ? 1 : 0),
      ]
      const all = [...inputs, pastKey, pastValue, 'gqa.seqlens', 'gqa.total', ...caches]
      return [
        ...before,
        { ...op('GroupQueryAttention', all, node.output[0], attributes, MICROSOFT), output: node.output },
      ]
    }),
  ]
  graph.valueInfo = []
  // With the rotary embedding inside, nothing reads the positions, and exporters leave that input out.
  const read = new Set(graph.node.flatMap((node) => (rotary && node.opType === 'RotaryEmbedding' ? [] : node.input)))
  if (rotary) graph.node = graph.node.filter((node) => node.opType !== 'RotaryEmbedding')
  graph.input = graph.input.filter(({ name }) => read.has(name))
  return model
}

async function load(variant: Variant): Promise<OnnxLanguageModel> {
  const copy = join(folder, variant.name.replaceAll(/\W/g, '-'))
  await cp(embedded, copy, { recursive: true })
  const bytes = await readFile(join(embedded, graphPath))
  await writeFile(join(copy, graphPath), encodeModel(withGroupQueryAttention(bytes, variant)))
  return loadModel(copy, { threads: 1 })
}

const edt = createSampler({ rule: createRule({ name: 'edt', t0: 1.2, theta: 0.5 }), truncation: { topP: 0.95 } })
const greedy = createSampler({ rule: createRule({ name: 'greedy' }) })

/** Rows of two prompts of different length in one engine. */
async function mixedRows(model: OnnxLanguageModel, sampler: Sampler, options?: EngineOptions): Promise<number[][]> {
  const prefills = await Promise.all(embeddedPrompts.slice(0, 2).map((prompt) => model.prefill(model.encode(prompt))))
  const engine = model.engine(options)
  const row = (prefill: Prefill, i: number) =>
    engine.decode({ prefill, sampler, random: randomStream(7, i), maxNewTokens: 20, stopStrings: [] })
  const rows = await Promise.all(prefills.flatMap((prefill) => [0, 1, 2, 3, 4].map((i) => row(prefill, i))))
  return rows.map(({ tokenIds }) => tokenIds)
}

describe.each<Variant>([
  { name: 'GroupQueryAttention', rotary: false, packed: false },
  { name: 'GroupQueryAttention with its rotary embedding', rotary: true, packed: false },
  { name: 'GroupQueryAttention with its rotary embedding and packed inputs', rotary: true, packed: true },
])('a graph with $name', (variant) => {
  it('is rewritten, and draws the tokens of the same model with Attention, sharing its prefix or not', async () => {
    const model = await load(variant)
    try {
      expect(await model.sharedPrefixStatus()).toBe('yes')
      expect(await mixedRows(model, edt)).toEqual(await mixedRows(original, edt))
      // The operator rounds in its own way, which may move a draw to the next token; an argmax it does not move.
      const options = { sharePrefix: false }
      expect(await mixedRows(model, greedy, options)).toEqual(await mixedRows(original, greedy, options))
    } finally {
      await model.dispose()
    }
  })
})

it.each([
  ['local_window_size', 64, 'see a window of the text alone'],
  ['smooth_softmax', 1, 'smooth their softmax'],
])('GroupQueryAttention with %s takes the ordinary path', async (name, value, reason) => {
  const bytes = await readFile(join(embedded, graphPath))
  const model = withGroupQueryAttention(bytes, { name: '', rotary: false, packed: false })
  for (const node of model.graph.node) {
    if (node.opType === 'GroupQueryAttention') node.attribute.push(int(name, value))
  }
  expect(sharePrefix(encodeModel(model))).toEqual({ unsupported: expect.stringContaining(reason) })
})
