import { InvalidOptionError } from '../errors.js'
import { checkNumber, checkPairs } from './checks.js'
import { formatSignature } from './signature.js'
import type { CorpusEdaInput, EdaInput, EdaScore } from './types.js'

/**
 * EDA, the Euclidean distance from the ultimate aim (best quality, samples that share nothing); lower is better:
 * `100 · sqrt(w₁ · ((Q* − Q) / Q*)² + w₂ · (D / D*)²)` with weights ½, ½.
 *
 * With the Q and D of one prompt it is the instance EDA, with means over prompts the corpus EDA. It is 0–100 when Q and
 * D are no further out than 0 and D* and the weights add up to 1. The formula of the paper that names the measure could
 * not be read when this was written; the weights are an option for that reason.
 *
 * @throws {InvalidOptionError} for a number that is missing, not finite or out of range
 * @see arXiv 2403.14541, which introduces the measure
 */
export function eda({ quality, selfBleu, bestQuality, worstSelfBleu, weights = [0.5, 0.5] }: EdaInput): EdaScore {
  checkNumber('quality', quality, 0)
  checkNumber('selfBleu', selfBleu, 0)
  checkNumber('bestQuality', bestQuality, 0, true)
  checkNumber('worstSelfBleu', worstSelfBleu, 0, true)
  checkWeights(weights)
  const lost = (bestQuality - quality) / bestQuality
  const repeated = selfBleu / worstSelfBleu
  return {
    score: 100 * Math.sqrt(weights[0] * lost ** 2 + weights[1] * repeated ** 2),
    quality,
    selfBleu,
    bestQuality,
    worstSelfBleu,
    weights,
    signature: formatSignature({
      'best-quality': bestQuality,
      'worst-self-bleu': worstSelfBleu,
      weights: weights.join(','),
    }),
  }
}

/**
 * Corpus EDA: `eda` of the mean quality and the mean Self-BLEU. (The mean of the prompts' own EDAs is another number.)
 *
 * @throws {MetricInputError} for empty or unequally long lists; {InvalidOptionError} as `eda`
 */
export function corpusEda({ quality, selfBleu, ...rest }: CorpusEdaInput): EdaScore {
  checkPairs('corpusEda', ['quality', quality], ['selfBleu', selfBleu])
  return eda({ quality: mean('quality', quality), selfBleu: mean('selfBleu', selfBleu), ...rest })
}

function mean(what: string, values: readonly number[]): number {
  const sum = values.reduce((total, value, i) => total + checkNumber(`${what}[${i}]`, value, 0), 0)
  return sum / values.length
}

function checkWeights(weights: unknown): void {
  const valid =
    Array.isArray(weights) &&
    weights.length === 2 &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    weights[0] + weights[1] > 0
  if (!valid) throw new InvalidOptionError('weights', 'two numbers of at least 0, not both 0', weights)
}
