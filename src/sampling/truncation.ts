import { InvalidOptionError } from '../errors.js'
import type { Truncation } from './types.js'

/** A truncation with its defaults filled in: top-p 0.95 alone, as the EDT paper fixes it. */
export type ResolvedTruncation = Required<Truncation>

/** @throws {InvalidOptionError} for a value out of its range */
export function resolveTruncation({
  topNSigma = 0,
  topK = 0,
  topP = 0.95,
  minP = 0,
}: Truncation = {}): ResolvedTruncation {
  if (!(topNSigma >= 0 && topNSigma < Number.POSITIVE_INFINITY)) {
    throw new InvalidOptionError('topNSigma', 'a finite number ≥ 0 (0 keeps all)', topNSigma)
  }
  if (!Number.isInteger(topK) || topK < 0) {
    throw new InvalidOptionError('topK', 'a whole number ≥ 0 (0 keeps all)', topK)
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new InvalidOptionError('topP', 'above 0 and at most 1 (1 keeps all)', topP)
  }
  if (!(minP >= 0 && minP <= 1)) {
    throw new InvalidOptionError('minP', 'between 0 and 1 (0 keeps all)', minP)
  }
  return { topNSigma, topK, topP, minP }
}

/** E.g. `top_p:0.95` or `top_k:50|top_p:1|min_p:0.1`: top-p always, the others when they cut. */
export function truncationSignature({ topNSigma, topK, topP, minP }: ResolvedTruncation): string {
  return [
    topNSigma > 0 ? `top_n_sigma:${topNSigma}` : '',
    topK > 0 ? `top_k:${topK}` : '',
    `top_p:${topP}`,
    minP > 0 ? `min_p:${minP}` : '',
  ]
    .filter(Boolean)
    .join('|')
}

/**
 * Probability, among the tokens that top-nσ keeps, below which no token can be kept. With top-p alone: the tokens below (1 − topP) / V hold together less
 * than 1 − topP, so those above hold at least topP, and the nucleus, the smallest such prefix, lies among them. Top-k can
 * need any token.
 */
export function ignorableProbability({ topK, topP }: ResolvedTruncation, vocabularySize: number): number {
  return topK === 0 ? (1 - topP) / vocabularySize : 0
}
