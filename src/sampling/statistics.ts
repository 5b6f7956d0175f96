import { InvalidOptionError } from '../errors.js'
import { entropyFromSums } from './entropy.js'
import { expOfNonPositive, LOWEST_EXPONENT } from './exp.js'
import { argmax } from './scan.js'

/** What one row of logits looks like at temperature 1, over the whole vocabulary. */
export interface LogitStatistics {
  /** Highest logit. */
  max: number
  /** Its vocabulary id; the lowest on ties. */
  argmax: number
  /** Nats, 0 … ln(vocabulary size). */
  entropy: number
  /** Variance of the surprisal −ln p under p, nats², ≥ 0. */
  varentropy: number
  /** ln Σ e^logit: `logit − logNormalizer` is a token's log-probability. */
  logNormalizer: number
  /** Probability of the argmax, (0, 1]. */
  topProbability: number
  /** Probability of the runner-up, 0 … topProbability; 0 when nothing else can be drawn. */
  secondProbability: number
}

/**
 * @param logits one row, length = vocabulary size
 * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
 */
export function logitStatistics(logits: Float32Array): LogitStatistics {
  const best = argmax(logits)
  const max = logits[best]
  let rest = 0
  let weighted = 0
  let squares = 0
  let second = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) {
    const d = logits[i] - max
    if (d < LOWEST_EXPONENT || i === best) continue
    if (d > second) second = d
    const weight = expOfNonPositive(d)
    rest += weight
    weighted += d * weight
    squares += d * d * weight
  }
  const total = 1 + rest
  const mean = weighted / total
  return {
    max,
    argmax: best,
    entropy: entropyFromSums(rest, weighted, logits.length),
    // Surprisal is ln Σ − d, so its variance is that of d. The difference keeps its digits: the argmax itself has d = 0, so that the variance is at
    // least mean² · p(argmax), and p(argmax) ≥ 1 / vocabulary size.
    varentropy: Math.max(0, squares / total - mean * mean),
    logNormalizer: max + Math.log1p(rest),
    topProbability: 1 / total,
    secondProbability: Math.exp(second) / total,
  }
}

/**
 * How many tokens stand before this one when sorted by logit, the lower id first on ties: 0 is the argmax.
 *
 * @throws {InvalidOptionError} when `token` is no vocabulary id of this row
 */
export function tokenRank(logits: Float32Array, token: number): number {
  if (!Number.isInteger(token) || token < 0 || token >= logits.length) {
    throw new InvalidOptionError('token', `a vocabulary id from 0 to ${logits.length - 1}`, token)
  }
  const own = logits[token]
  let rank = 0
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] > own || (logits[i] === own && i < token)) rank++
  }
  return rank
}

/** One of the most probable tokens of a row. */
export interface TopToken {
  token: number
  logit: number
  /** At temperature 1 over the whole vocabulary, 0 … 1. */
  probability: number
}

/**
 * The `k` most probable tokens, most probable first, the lower id first on ties; fewer when the row has fewer that can
 * be drawn (a token with logit −∞ cannot).
 *
 * @param k a whole number ≥ 1, meant to be small: time grows with vocabulary size + k · insertions
 * @throws {InvalidLogitsError} for an empty row, NaN, +∞, or a row that is −∞ everywhere
 */
export function topTokens(logits: Float32Array, k: number): TopToken[] {
  if (!Number.isInteger(k) || k < 1) throw new InvalidOptionError('k', 'a whole number ≥ 1', k)
  const { logNormalizer } = logitStatistics(logits)
  const top: TopToken[] = []
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token]
    if (logit === Number.NEGATIVE_INFINITY || (top.length === k && logit <= top[k - 1].logit)) continue
    let place = top.length
    while (place > 0 && top[place - 1].logit < logit) place--
    top.splice(place, 0, { token, logit, probability: Math.exp(logit - logNormalizer) })
    if (top.length > k) top.pop()
  }
  return top
}
