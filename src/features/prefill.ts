import type { KvLayer } from '../lm/types.js'
import type { Feature } from './feature.js'

/**
 * Values of the middle and the last layer, averaged over the prompt, and the last layer's at the last position: a
 * fixed-size picture of what the prompt is about and of where the answer starts.
 */
export function prefillFeatures(kv: readonly KvLayer[]): Feature[] {
  const last = kv.length - 1
  const middle = last >> 1
  return [
    ...pooled(kv[middle], `prefill.value_middle_mean`, 'mean'),
    ...pooled(kv[last], `prefill.value_last_mean`, 'mean'),
    ...pooled(kv[last], `prefill.value_last_end`, 'end'),
  ]
}

function pooled({ value, kvHeads, headSize }: KvLayer, name: string, how: 'mean' | 'end'): Feature[] {
  const positions = value.length / (kvHeads * headSize)
  const from = how === 'mean' ? 0 : positions - 1
  const features: Feature[] = []
  for (let h = 0; h < kvHeads; h++) {
    for (let d = 0; d < headSize; d++) {
      let sum = 0
      for (let p = from; p < positions; p++) sum += value[(h * positions + p) * headSize + d]
      features.push({ name: `${name}_${h * headSize + d}`, value: sum / (positions - from) })
    }
  }
  return features
}
