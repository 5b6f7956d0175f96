import { findCutoff } from '../cutoff.js'
import { standardDeviation } from '../deviation.js'
import { entropyGivenArgmax } from '../entropy.js'
import type { RowKernel, RowMeasure } from '../kernel.js'
import { argmax } from '../scan.js'
import { ignorableProbability } from '../truncation.js'
import { emptyCandidates, weighCandidates } from './candidates.js'
import { drawCandidate } from './draw.js'
import { prefixReaching } from './nucleus.js'

/** The kernel in plain TypeScript, float64 throughout; works everywhere. */
export function createPlainKernel(): RowKernel {
  const measured: RowMeasure = { argmax: 0, entropy: 0 }
  const candidates = emptyCandidates()
  return {
    name: 'plain',
    measure(logits) {
      measured.argmax = argmax(logits)
      measured.entropy = entropyGivenArgmax(logits, measured.argmax)
      return measured
    },
    draw(logits, temperature, cuts, uniform) {
      const max = logits[measured.argmax]
      const lowest = cuts.topNSigma > 0 ? max - cuts.topNSigma * standardDeviation(logits) : Number.NEGATIVE_INFINITY
      weighCandidates(candidates, logits, max, temperature, lowest, ignorableProbability(cuts, logits.length))
      const cutoff = findCutoff(cuts, candidates.count, candidates.total, (target, measuredBy) =>
        prefixReaching(target, measuredBy, candidates, max),
      )
      return drawCandidate(candidates, cutoff, cuts.minP, uniform)
    },
  }
}
