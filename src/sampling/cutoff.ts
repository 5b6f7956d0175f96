import type { Cutoff, Prefix, PrefixMeasure } from './select.js'
import type { ResolvedTruncation } from './truncation.js'

/** Every logit lies above −∞, as far as it can be drawn. */
const KEEP_ALL: Cutoff = { logit: Number.NEGATIVE_INFINITY, ties: 0 }

/**
 * Where top-k and then top-p cut the candidates.
 *
 * @param count number of candidates
 * @param total sum of the weights of all tokens that top-nσ keeps, left-out tokens included
 * @param prefixReaching the kernel's search for the smallest prefix that reaches a target; it may reuse what it returns
 */
export function findCutoff(
  { topK, topP }: ResolvedTruncation,
  count: number,
  total: number,
  prefixReaching: (target: number, measuredBy: PrefixMeasure) => Prefix,
): Cutoff {
  let cutoff = KEEP_ALL
  let left = total
  if (topK > 0 && topK < count) {
    const { logit, ties, weight } = prefixReaching(topK, 'count')
    left = weight
    cutoff = { logit, ties }
  }
  if (topP === 1) return cutoff
  const nucleus = prefixReaching(topP * left, 'weight')
  // The nucleus lies inside the top k, but the rounding of two sums could let it stick out when topP is almost 1.
  const wider = nucleus.logit < cutoff.logit || (nucleus.logit === cutoff.logit && nucleus.ties > cutoff.ties)
  return wider ? cutoff : nucleus
}
