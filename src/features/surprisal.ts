import { type Feature, mean, quantile } from './feature.js'

/** How surprising the prompt was to the model. @param surprisals −ln p of prompt tokens 1 … n−1, nats */
export function surprisalFeatures(surprisals: Float32Array): Feature[] {
  const n = surprisals.length
  const average = mean(surprisals)
  const deviation = Math.sqrt(mean(surprisals.map((s) => (s - average) ** 2)))
  const ascending = Float32Array.from(surprisals).sort()
  const half = n >> 1
  return [
    { name: 'surprisal.mean', value: average },
    { name: 'surprisal.deviation', value: deviation },
    { name: 'surprisal.q10', value: quantile(ascending, 0.1) },
    { name: 'surprisal.q50', value: quantile(ascending, 0.5) },
    { name: 'surprisal.q90', value: quantile(ascending, 0.9) },
    { name: 'surprisal.max', value: n === 0 ? 0 : ascending[n - 1] },
    { name: 'surprisal.last8', value: mean(surprisals, Math.max(0, n - 8)) },
    { name: 'surprisal.last32', value: mean(surprisals, Math.max(0, n - 32)) },
    { name: 'surprisal.trend', value: mean(surprisals, half) - mean(surprisals, 0, half) },
    { name: 'surprisal.log_total', value: Math.log1p(average * n) },
  ]
}
