import { type AttentionSite, attentionSite, isAttention, POSITIONS } from './attention.js'
import { int, ints, MICROSOFT, op, split } from './nodes.js'
import {
  decodeModel,
  encodeModel,
  FLOAT,
  floatInitializer,
  INT64,
  int64Initializer,
  type OnnxModel,
  type OnnxNode,
  type OnnxValueInfo,
} from './onnx-schema.js'

/** Names of the inputs that the rewritten graph has besides `input_ids`, `position_ids` and `past_key_values.*`. */
export const OWN_BIAS = 'edt.own_bias'
export const prefixKeyName = (layer: number): string => `edt.prefix.${layer}.key_transposed`
/** Names of the outputs that take the place of `present.*`. */
export const newKeyName = (layer: number): string => `edt.new.${layer}.key`
export const newValueName = (layer: number): string => `edt.new.${layer}.value`
export const prefixValueName = (layer: number): string => `edt.prefix.${layer}.value`

/**
 * Rewrites a decoder so that the keys and values of a prompt that all rows share are inputs of batch 1, and only the
 * newest token's keys and values come out of a step.
 *
 * onnxruntime-node copies every output of every step into fresh memory; with the cache among the outputs that copy, not
 * the model, takes most of a rollout's time. Each `Attention` (opset 23, three-dimensional inputs) or `GroupQueryAttention`
 * (com.microsoft) node, with one new token a row, becomes softmax over [prefix | own tokens | new token], where the prefix part is one matrix product over all rows:
 * scores = [q·Kpᵀ | q·Koᵀ + own_bias | q·k], y = softmax(scores)·[Vp ; Vo ; v].
 *
 * Inputs of the result, with B rows, P prefix positions and room for O own positions:
 * `edt.prefix.{i}.key_transposed` [kvHeads, headSize, P], `edt.prefix.{i}.value` [kvHeads, P, headSize],
 * `edt.own_bias` [B, 1, 1, O] (0, or −1e9 where a row has no position), `past_key_values.{i}.*` [B, kvHeads, O, headSize],
 * `position_ids` [B, 1] counted from the start of the prompt. Outputs: `logits`, `edt.new.{i}.*` [B, kvHeads, 1, headSize].
 *
 * @returns the rewritten model, or the reason why this graph takes the ordinary path
 */
export function sharePrefix(bytes: Uint8Array): { model: Uint8Array; layers: number } | { unsupported: string } {
  let model: OnnxModel
  try {
    model = decodeModel(bytes)
  } catch (error) {
    return { unsupported: `the file is no readable ONNX model (${(error as Error).message})` }
  }
  const { graph } = model
  if (graph.node.some((node) => ['If', 'Loop', 'Scan'].includes(node.opType))) {
    return { unsupported: 'it has control-flow nodes' }
  }
  const attentionNodes = graph.node.filter(isAttention)
  const layers = graph.input.filter((input) => /^past_key_values\.\d+\.key$/.test(input.name)).length
  if (attentionNodes.length === 0 || attentionNodes.length !== layers) {
    return {
      unsupported: `it has ${attentionNodes.length} nodes Attention or GroupQueryAttention for ${layers} cached layers`,
    }
  }
  const headSize = fixedDim(
    graph.input.find((input) => input.name === 'past_key_values.0.key'),
    3,
  )
  if (headSize === undefined) return { unsupported: 'its head size is not written in the graph' }

  const nodes: OnnxNode[] = []
  const sites: AttentionSite[] = []
  for (const node of graph.node) {
    if (!attentionNodes.includes(node)) {
      nodes.push(node)
      continue
    }
    const site = attentionSite(node, graph, headSize)
    if (typeof site === 'string') return { unsupported: site }
    sites.push(site)
    nodes.push(...site.before, ...sharedAttention(site))
    graph.initializer.push(floatInitializer(`edt.scale.${site.layer}`, site.scale ?? headSize ** -0.5))
  }
  const [{ kvHeads, groups }] = sites
  if (sites.some((site) => site.kvHeads !== kvHeads)) {
    return { unsupported: 'its layers differ in their number of key/value heads' }
  }
  graph.initializer.push(...shapeConstants(kvHeads, groups, headSize))
  graph.node = [...sharedShapes(), ...nodes]
  for (let layer = 0; layer < layers; layer++) {
    graph.input.push(
      floatValue(prefixKeyName(layer), [kvHeads, headSize, 'prefix_length']),
      floatValue(prefixValueName(layer), [kvHeads, 'prefix_length', headSize]),
    )
  }
  if (!graph.input.some((input) => input.name === POSITIONS)) {
    // Graphs whose attention turns queries and keys itself count positions by the mask.
    graph.input.push(tensorValue(POSITIONS, INT64, ['batch_size', 1]))
  }
  graph.input.push(floatValue(OWN_BIAS, ['batch_size', 1, 1, 'past_sequence_length']))
  graph.output = [
    ...graph.output.filter((output) => !/^present\.\d+\.(key|value)$/.test(output.name)),
    ...Array.from({ length: layers }, (_, layer) => [newKeyName(layer), newValueName(layer)])
      .flat()
      .map((name) => floatValue(name, ['batch_size', kvHeads, 1, headSize])),
  ]
  // Shapes inferred for the old graph would contradict the new one.
  graph.valueInfo = []
  prune(model)
  return { model: encodeModel(model), layers }
}

/** Constants used by every layer's reshapes. */
function shapeConstants(kvHeads: number, groups: number, headSize: number): Uint8Array[] {
  return [
    int64Initializer('edt.one', [1]),
    int64Initializer('edt.shape.query', [-1, kvHeads, groups, headSize]),
    int64Initializer('edt.shape.own', [-1, kvHeads, 1, headSize]),
    int64Initializer('edt.shape.flat_query', [kvHeads, -1, headSize]),
    int64Initializer('edt.shape.prefix_answer', [kvHeads, -1, groups, headSize]),
    int64Initializer('edt.shape.answer', [-1, 1, kvHeads * groups * headSize]),
    int64Initializer('edt.shape.flat_head', [kvHeads, -1]),
    int64Initializer('edt.shape.grouped_head', [kvHeads, -1, groups]),
  ]
}

/** Nodes that work out, once a step, the shapes that depend on the number of prefix and own positions. */
function sharedShapes(): OnnxNode[] {
  return [
    op('Shape', [OWN_BIAS], 'edt.past_total', [int('start', 3), int('end', 4)]),
    op('Add', ['edt.past_total', 'edt.one'], 'edt.own_total'),
    op('Shape', [prefixValueName(0)], 'edt.prefix_total', [int('start', 1), int('end', 2)]),
    op('Concat', ['edt.shape.flat_head', 'edt.own_total'], 'edt.shape.flat_scores', [int('axis', 0)]),
    op('Concat', ['edt.shape.grouped_head', 'edt.own_total'], 'edt.shape.own_scores', [int('axis', 0)]),
    op('Concat', ['edt.prefix_total', 'edt.own_total'], 'edt.split_prefix', [int('axis', 0)]),
    op('Concat', ['edt.past_total', 'edt.one'], 'edt.split_own', [int('axis', 0)]),
  ]
}

/** Softmax attention over [prefix | own tokens] in place of one attention node; shapes as in `sharePrefix`. */
function sharedAttention({ layer, query, key, value, pastKey, pastValue, answer }: AttentionSite): OnnxNode[] {
  const n = (name: string): string => `edt.l${layer}.${name}`
  const [newKey, newValue] = [newKeyName(layer), newValueName(layer)]
  const swap = ints('perm', [1, 0, 2, 3])
  const lastAxis = [int('axis', -1)]
  return [
    op('Reshape', [query, 'edt.shape.query'], n('q4')),
    op('Mul', [n('q4'), `edt.scale.${layer}`], n('q')),
    op('Reshape', [key, 'edt.shape.own'], newKey),
    op('Reshape', [value, 'edt.shape.own'], newValue),
    op('Transpose', [n('q')], n('q_by_head'), [swap]),
    op('Reshape', [n('q_by_head'), 'edt.shape.flat_query'], n('q_flat')),
    op('MatMul', [n('q_flat'), prefixKeyName(layer)], n('prefix_scores')),
    op('FusedMatMul', [n('q'), pastKey], n('past_scores0'), [int('transB', 1)], MICROSOFT),
    op('Add', [n('past_scores0'), OWN_BIAS], n('past_scores')),
    op('FusedMatMul', [n('q'), newKey], n('new_scores'), [int('transB', 1)], MICROSOFT),
    op('Concat', [n('past_scores'), n('new_scores')], n('own_scores1'), lastAxis),
    op('Transpose', [n('own_scores1')], n('own_scores2'), [swap]),
    op('Reshape', [n('own_scores2'), 'edt.shape.flat_scores'], n('own_scores')),
    op('Concat', [n('prefix_scores'), n('own_scores')], n('scores'), lastAxis),
    op('Softmax', [n('scores')], n('weights'), lastAxis),
    split([n('weights'), 'edt.split_prefix'], [n('prefix_weights'), n('own_weights0')]),
    op('MatMul', [n('prefix_weights'), prefixValueName(layer)], n('prefix_answer0')),
    op('Reshape', [n('prefix_answer0'), 'edt.shape.prefix_answer'], n('prefix_answer1')),
    op('Transpose', [n('prefix_answer1')], n('prefix_answer'), [swap]),
    op('Reshape', [n('own_weights0'), 'edt.shape.own_scores'], n('own_weights1')),
    op('Transpose', [n('own_weights1')], n('own_weights'), [swap]),
    split([n('own_weights'), 'edt.split_own'], [n('past_weights'), n('new_weight')]),
    op('MatMul', [n('past_weights'), pastValue], n('past_answer')),
    op('Mul', [n('new_weight'), newValue], n('new_answer')),
    op('Add', [n('prefix_answer'), n('past_answer')], n('answer0')),
    op('Add', [n('answer0'), n('new_answer')], n('answer')),
    op('Reshape', [n('answer'), 'edt.shape.answer'], answer),
  ]
}

/** Drops nodes whose outputs nobody reads (the old mask) and inputs that are no longer used. */
function prune({ graph }: OnnxModel): void {
  const needed = new Set(graph.output.map((output) => output.name))
  const kept: OnnxNode[] = []
  for (const node of [...graph.node].reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue
    for (const name of node.input) needed.add(name)
    kept.push(node)
  }
  graph.node = kept.reverse()
  graph.input = graph.input.filter((input) => needed.has(input.name))
}

function floatValue(name: string, dims: (number | string)[]): OnnxValueInfo {
  return tensorValue(name, FLOAT, dims)
}

function tensorValue(name: string, elemType: number, dims: (number | string)[]): OnnxValueInfo {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

function fixedDim(input: OnnxValueInfo | undefined, axis: number): number | undefined {
  const tensor = input?.type?.tensorType
  if (tensor?.elemType !== FLOAT) return undefined
  const value = tensor.shape?.dim[axis]?.dimValue
  return value === undefined ? undefined : Number(value)
}
