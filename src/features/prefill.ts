import type { KvLayer } from '../lm/types.js'
import { type Feature, mean, quantile } from './feature.js'

/** Features of what the prefill leaves behind: how surprising the prompt was, and pooled values of two layers. */
export function prefillFeatures(surprisals: Float32Array, kv: readonly KvLayer[]): Feature[] {
  return [...surprisalFeatures(surprisals), ...pooledValues(kv)]
}

function surprisalFeatures(surprisals: Float32Array): Feature[] {
  const n = surprisals.length
  const average = mean(surprisals)
  const deviation = Math.sqrt(mean(surprisals.map((s) => (s - average) ** 2)))
  const ascending = Float32Array.from(surprisals).sort()
  const half = n >> 1
  return [
    { name: 'prefill.surprisal_mean', value: average },
    { name: 'prefill.surprisal_deviation', value: deviation },
    { name: 'prefill.surprisal_q10', value: quantile(ascending, 0.1) },
    { name: 'prefill.surprisal_q50', value: quantile(ascending, 0.5) },
    { name: 'prefill.surprisal_q90', value: quantile(ascending, 0.9) },
    { name: 'prefill.surprisal_max', value: n === 0 ? 0 : ascending[n - 1] },
    { name: 'prefill.surprisal_last8', value: mean(surprisals, Math.max(0, n - 8)) },
    { name: 'prefill.surprisal_last32', value: mean(surprisals, Math.max(0, n - 32)) },
    { name: 'prefill.surprisal_trend', value: mean(surprisals, half) - mean(surprisals, 0, half) },
    { name: 'prefill.log_total_surprisal', value: Math.log1p(average * n) },
  ]
}

/**
 * Values of the middle and the last layer, averaged over the prompt, and the last layer's at the last position: a
 * fixed-size picture of what the prompt is about and of where the answer starts.
 */
function pooledValues(kv: readonly KvLayer[]): Feature[] {
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
