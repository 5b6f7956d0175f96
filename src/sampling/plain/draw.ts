import type { DrawnToken } from '../kernel.js'
import type { Cutoff } from '../select.js'
import type { Candidates } from './candidates.js'

/** What was drawn; reused, so read it before the next draw. */
const drawn: DrawnToken = { token: 0, probability: 0, nucleusSize: 0 }

/**
 * Draws one of the kept candidates by inverting their cumulative distribution in the order of their ids: the first token
 * whose cumulative weight exceeds `uniform` times the kept weight. Consumes the candidates (compacts them in place).
 *
 * @param minP keeps weights of at least this; the argmax's weight is 1
 * @param uniform in [0, 1)
 */
export function drawCandidate(
  candidates: Candidates,
  cutoff: Cutoff,
  minP: number,
  uniform: number,
): Readonly<DrawnToken> {
  const { count, ids, logits, weights } = candidates
  const { logit: lowest } = cutoff
  let { ties } = cutoff
  let kept = 0
  let total = 0
  for (let j = 0; j < count; j++) {
    const logit = logits[j]
    if (logit < lowest || (logit === lowest && ties-- <= 0)) continue
    const weight = weights[j]
    if (weight < minP) continue
    ids[kept] = ids[j]
    weights[kept] = weight
    kept++
    total += weight
  }
  // The same sums in the same order reach `total` exactly, and `uniform` is below 1; the bound on `pick` only guards the
  // rounding of the product, where the last kept token is the right answer.
  const target = uniform * total
  let pick = 0
  let cumulative = weights[0]
  while (cumulative <= target && pick < kept - 1) cumulative += weights[++pick]
  drawn.token = ids[pick]
  drawn.probability = weights[pick] / total
  drawn.nucleusSize = kept
  return drawn
}
