import { entropyGivenArgmax } from './entropy.js'
import { expOfNonPositive, LOWEST_EXPONENT } from './exp.js'
import type { Candidates, RowKernel, RowMeasure } from './kernel.js'
import { argmax } from './scan.js'

/** The kernel in plain TypeScript, float64 throughout; works everywhere. */
export function createPlainKernel(): RowKernel {
  const measured: RowMeasure = { argmax: 0, entropy: 0 }
  const candidates = {
    count: 0,
    ids: new Int32Array(0),
    logits: new Float32Array(0),
    weights: new Float64Array(0),
    span: 0,
    total: 0,
  } satisfies Candidates
  return {
    name: 'plain',
    measure(logits) {
      measured.argmax = argmax(logits)
      measured.entropy = entropyGivenArgmax(logits, measured.argmax)
      return measured
    },
    weigh(logits, temperature, lowest) {
      const length = logits.length
      if (candidates.ids.length < length) {
        candidates.ids = new Int32Array(length)
        candidates.logits = new Float32Array(length)
        candidates.weights = new Float64Array(length)
      }
      const { ids, logits: kept, weights } = candidates
      const max = logits[measured.argmax]
      // Finite, so that the argmax's 0 · scale is 0 even for the tiniest temperature.
      const scale = Math.min(1 / temperature, Number.MAX_VALUE)
      let count = 0
      let total = 0
      for (let i = 0; i < length; i++) {
        const logit = logits[i]
        const exponent = (logit - max) * scale
        if (exponent >= LOWEST_EXPONENT) {
          const weight = expOfNonPositive(exponent)
          total += weight
          if (exponent >= lowest) {
            ids[count] = i
            kept[count] = logit
            weights[count] = weight
            count++
          }
        }
      }
      candidates.count = count
      candidates.span = -lowest / scale
      candidates.total = total
      return candidates
    },
  }
}
