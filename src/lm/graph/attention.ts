import { int, MICROSOFT, op, split } from './nodes.js'
import {
  attributeFloat,
  attributeInt,
  initializerDims,
  int64Initializer,
  type OnnxModel,
  type OnnxNode,
} from './onnx-schema.js'

/** Name of the input `[rows, new tokens]` that holds each new token's position. */
export const POSITIONS = 'position_ids'

/** One layer's attention, whichever operator computes it. */
export interface AttentionSite {
  layer: number
  kvHeads: number
  /** Query heads that share one key/value head. */
  groups: number
  /** Of the query-key products; undefined is headSize^-½. */
  scale: number | undefined
  /** Names of the values that go in, `[rows, 1, heads · headSize]`, positions already turned into them. */
  query: string
  key: string
  value: string
  pastKey: string
  pastValue: string
  /** Name of the result, `[rows, 1, heads · headSize]`. */
  answer: string
  /** Nodes that `query`, `key` and `value` come from, where the operator did that itself. */
  before: OnnxNode[]
}

const GROUP_QUERY = 'GroupQueryAttention'

export function isAttention({ opType, domain }: OnnxNode): boolean {
  return (opType === 'Attention' && (domain ?? '') === '') || isGroupQueryAttention({ opType, domain })
}

function isGroupQueryAttention({ opType, domain }: Pick<OnnxNode, 'opType' | 'domain'>): boolean {
  return opType === GROUP_QUERY && domain === MICROSOFT
}

/**
 * Reads what an attention node computes; a GroupQueryAttention's constants are added to the graph.
 * @returns the site, or the reason why it cannot be rewritten
 */
export function attentionSite(node: OnnxNode, graph: OnnxModel['graph'], headSize: number): AttentionSite | string {
  if ((attributeFloat(node, 'softcap') ?? 0) !== 0) return `its ${node.opType} nodes use a soft cap`
  return isGroupQueryAttention(node) ? groupQuerySite(node, graph, headSize) : standardSite(node)
}

/** @see https://onnx.ai/onnx/operators/onnx__Attention.html */
function standardSite(node: OnnxNode): AttentionSite | string {
  const heads = attributeInt(node, 'q_num_heads')
  const kvHeads = attributeInt(node, 'kv_num_heads')
  if (heads === undefined || kvHeads === undefined) return 'its Attention nodes take four-dimensional inputs'
  if (node.output.length > 3) return 'its Attention nodes also return the query-key products'
  const [query, key, value, , pastKey, pastValue] = node.input
  const layer = layerOf(pastKey)
  if (layer === undefined) return 'an Attention node does not read its cache from past_key_values directly'
  const scale = attributeFloat(node, 'scale')
  return {
    ...{ layer, kvHeads, groups: heads / kvHeads, scale },
    ...{ query, key, value, pastKey, pastValue, answer: node.output[0], before: [] },
  }
}

/** @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention */
function groupQuerySite(node: OnnxNode, graph: OnnxModel['graph'], headSize: number): AttentionSite | string {
  const heads = attributeInt(node, 'num_heads')
  const kvHeads = attributeInt(node, 'kv_num_heads')
  if (heads === undefined || kvHeads === undefined)
    return `its ${GROUP_QUERY} nodes do not say how many heads they have`
  const [query, key = '', value = '', pastKey = '', pastValue = '', , , cos = '', sin = ''] = node.input
  const [, bias = '', sink = ''] = node.input.slice(9)
  const layer = layerOf(pastKey)
  if (layer === undefined) return `a ${GROUP_QUERY} node does not read its cache from past_key_values directly`
  if ((attributeInt(node, 'local_window_size') ?? -1) !== -1)
    return `its ${GROUP_QUERY} nodes see a window of the text alone`
  if ((attributeInt(node, 'smooth_softmax') ?? 0) === 1 || sink !== '')
    return `its ${GROUP_QUERY} nodes smooth their softmax`
  if (bias !== '') return `its ${GROUP_QUERY} nodes add a bias`
  if (node.output.slice(3).some((name) => name !== ''))
    return `its ${GROUP_QUERY} nodes also return the query-key products`

  const n = (name: string): string => `edt.l${layer}.${name}`
  const before: OnnxNode[] = []
  let [q, k, v] = [query, key, value]
  if (k === '') {
    ;[q, k, v] = [n('query'), n('key'), n('value')]
    graph.initializer.push(int64Initializer(n('qkv'), [heads * headSize, kvHeads * headSize, kvHeads * headSize]))
    before.push(split([query, n('qkv')], [q, k, v]))
  }
  if (attributeInt(node, 'do_rotary') === 1) {
    const half = initializerDims(graph, cos)?.[1]
    if (half === undefined) return `its ${GROUP_QUERY} nodes take their rotary embedding from no constant`
    const interleaved = int('interleaved', attributeInt(node, 'rotary_interleaved') ?? 0)
    // A dimension of 0 stands for the whole head.
    const dimension = int('rotary_embedding_dim', 2 * half === headSize ? 0 : 2 * half)
    for (const [from, to, count] of [
      [q, n('query_turned'), heads],
      [k, n('key_turned'), kvHeads],
    ] as const) {
      const attributes = [interleaved, dimension, int('num_heads', count)]
      before.push(op('RotaryEmbedding', [from, POSITIONS, cos, sin], to, attributes, MICROSOFT))
    }
    ;[q, k] = [n('query_turned'), n('key_turned')]
  }
  const scale = attributeFloat(node, 'scale') || undefined
  return {
    ...{ layer, kvHeads, groups: heads / kvHeads, scale },
    ...{ query: q, key: k, value: v, pastKey, pastValue, answer: node.output[0], before },
  }
}

function layerOf(pastKey = ''): number | undefined {
  const match = /^past_key_values\.(\d+)\.key$/.exec(pastKey)
  return match === null ? undefined : Number(match[1])
}
