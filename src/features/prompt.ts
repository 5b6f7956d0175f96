import { expOfNonPositive, LOWEST_EXPONENT } from '../sampling/exp.js'
import { logitStatistics } from '../sampling/index.js'
import type { Feature } from './feature.js'
import type { PromptObservation } from './types.js'

/** Buckets that token ids are hashed into: enough to tell templates apart, few enough to learn from hundreds of prompts. */
const BUCKETS = 32

/** Tokens less likely than this cannot matter to where 95 % of the mass ends. */
const LIKELY = 1e-6
/** Weights below e^−20 of the most likely token's add less than a float32 shows to Σp². */
const COUNTING = -20

/** Features of token ids and first-step logits. */
export function promptFeatures({ tokenIds, lastLogits }: PromptObservation): Feature[] {
  const first = logitStatistics(lastLogits)
  const { collision, nucleus95 } = firstStepShape(lastLogits, first.max, first.logNormalizer)
  const buckets = new Float64Array(BUCKETS)
  for (const id of tokenIds) buckets[bucketOf(id)]++
  const norm = Math.hypot(...buckets) || 1
  return [
    { name: 'prompt.log_tokens', value: Math.log1p(tokenIds.length) },
    { name: 'prompt.distinct_tokens', value: new Set(tokenIds).size / Math.max(1, tokenIds.length) },
    { name: 'prompt.repeated_bigrams', value: repeatedBigrams(tokenIds) },
    { name: 'prompt.first_entropy', value: first.entropy },
    { name: 'prompt.first_varentropy', value: first.varentropy },
    { name: 'prompt.first_top_probability', value: first.topProbability },
    { name: 'prompt.first_margin', value: first.topProbability - first.secondProbability },
    { name: 'prompt.first_log_collision', value: Math.log(collision) },
    { name: 'prompt.first_log_nucleus95', value: Math.log(nucleus95) },
    ...Array.from(buckets, (count, k): Feature => ({ name: `prompt.token_bucket_${k}`, value: count / norm })),
  ]
}

/**
 * Collision probability Σp² and how many tokens, by descending probability, hold 95 % of the mass.
 * Known: `logNormalizer` holds the maximum already, so these p are too small by e^−max and the two features tell of the highest logit as well. Every
 * shipped tuner was trained with them as they are; putting them right is a new FEATURE_VERSION (docs/decisions.md).
 */
function firstStepShape(logits: Float32Array, max: number, logNormalizer: number) {
  const scale = Math.exp(-logNormalizer)
  let collision = 0
  const likely: number[] = []
  const least = Math.max(LOWEST_EXPONENT, Math.min(COUNTING, Math.log(LIKELY) + logNormalizer))
  for (let i = 0; i < logits.length; i++) {
    const d = logits[i] - max
    if (d < least) continue
    const p = expOfNonPositive(d) * scale
    collision += p * p
    if (p > LIKELY) likely.push(p)
  }
  likely.sort((a, b) => b - a)
  let mass = 0
  let nucleus95 = 0
  while (nucleus95 < likely.length && mass < 0.95) mass += likely[nucleus95++]
  return { collision, nucleus95: Math.max(1, nucleus95) }
}

/** Share of the token bigrams that occurred before in the prompt. */
function repeatedBigrams(tokenIds: readonly number[]): number {
  if (tokenIds.length < 2) return 0
  const seen = new Set<string>()
  for (let i = 1; i < tokenIds.length; i++) seen.add(`${tokenIds[i - 1]} ${tokenIds[i]}`)
  return 1 - seen.size / (tokenIds.length - 1)
}

/** Multiplicative hashing (Knuth): neighbouring ids fall into different buckets. */
function bucketOf(id: number): number {
  return (Math.imul(id, 0x9e3779b1) >>> 0) % BUCKETS
}
