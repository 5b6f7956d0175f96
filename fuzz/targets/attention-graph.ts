import { int, op } from '../../src/lm/graph/nodes.js'
import { encodeModel, FLOAT, type OnnxValueInfo } from '../../src/lm/graph/onnx-schema.js'

/** One layer of attention, as small as the rewriting for shared prefixes takes it. */
export function attentionGraph(): Buffer {
  const value = (name: string, dims: (number | string)[]): OnnxValueInfo => {
    const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
    return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } }
  }
  const cache = ['key', 'value'].map((part) => value(`past_key_values.0.${part}`, ['b', 1, 'p', 4]))
  const attention = op(
    'Attention',
    ['query', 'key', 'value', 'mask', 'past_key_values.0.key', 'past_key_values.0.value'],
    'answer',
    [int('q_num_heads', 2), int('kv_num_heads', 1)],
  )
  const graph = {
    node: [
      op('Cast', ['attention_mask'], 'mask', [int('to', 1)]),
      { ...attention, output: ['answer', 'present.0.key', 'present.0.value'] },
      op('Identity', ['answer'], 'logits'),
    ],
    initializer: [],
    input: [value('query', ['b', 1, 8]), value('key', ['b', 1, 4]), value('value', ['b', 1, 4]), ...cache],
    output: ['logits', 'present.0.key', 'present.0.value'].map((name) => value(name, ['b', 's', 4])),
    valueInfo: [],
  }
  return Buffer.from(encodeModel({ opsetImport: [{ domain: '', version: 23 }], graph }))
}
