import { findCutoff } from '../cutoff.js'
import { entropyFromSums } from '../entropy.js'
import { LOWEST_EXPONENT } from '../exp.js'
import { ceilToFloat32 } from '../float32.js'
import type { DrawnToken, RowKernel, RowMeasure } from '../kernel.js'
import { createPlainKernel } from '../plain/plain-kernel.js'
import { argmax } from '../scan.js'
import { ignorableProbability } from '../truncation.js'
import { bracketPrefix } from './bracket.js'
import { instantiateKernel } from './instance.js'
import { layOut, padded } from './memory.js'

/** Below this, 1 / temperature times a tiny difference of logits could leave float32's range. */
const LOWEST_TEMPERATURE = 1e-30
/** The rounding of float32 must not leave out what exact sums would keep. */
const MARGIN = 1 - 1e-4

/**
 * The kernel in WebAssembly with 128-bit SIMD: float32 lanes, float64 sums. Nothing sorts the vocabulary and nothing walks
 * through it token by token.
 */
export function createSimdKernel(): RowKernel {
  const wasm = instantiateKernel()
  const plain = createPlainKernel()
  let memory = layOut(wasm, 0)
  const measured: RowMeasure = { argmax: 0, entropy: 0 }
  const drawn: DrawnToken = { token: 0, probability: 0, nucleusSize: 0 }
  return {
    name: 'simd',
    measure(logits) {
      const { length } = logits
      if (length > memory.capacity) memory = layOut(wasm, length)
      const count = padded(length)
      memory.row.set(logits)
      memory.row.fill(Number.NEGATIVE_INFINITY, length, count)
      const max = count === 0 ? Number.NaN : wasm.highest(memory.logits, count)
      // Nothing to draw from: the plain scan throws the error that says which logit is at fault.
      if (!Number.isFinite(max)) argmax(logits)
      measured.argmax = wasm.firstIndexOf(memory.logits, max)
      wasm.entropySums(memory.logits, count, measured.argmax)
      measured.entropy = entropyFromSums(memory.results[0], memory.results[1], length)
      return measured
    },
    draw(logits, temperature, cuts, uniform) {
      if (temperature < LOWEST_TEMPERATURE) {
        plain.measure(logits)
        return plain.draw(logits, temperature, cuts, uniform)
      }
      const { ids, kept, weights, results } = memory
      const max = logits[measured.argmax]
      const ignorable = MARGIN * ignorableProbability(cuts, logits.length)
      const scale = 1 / temperature
      const lanes = padded(logits.length)
      const lowest =
        cuts.topNSigma > 0
          ? ceilToFloat32(max - cuts.topNSigma * wasm.deviation(memory.logits, lanes))
          : Number.NEGATIVE_INFINITY
      const count = wasm.weigh(memory.logits, lanes, max, lowest, scale, ignorable, ids, kept, weights)
      const total = results[0]
      const span = Math.min(-LOWEST_EXPONENT, -Math.log(ignorable * total)) * temperature
      const cutoff = findCutoff(cuts, count, total, (target, measuredBy) =>
        bracketPrefix(wasm, memory, count, target, measuredBy, max, span),
      )
      const pick = () => wasm.pick(kept, weights, count, cutoff.logit, cuts.minP, uniform, memory.sums)
      let place = pick()
      if (results[2] > cutoff.ties) {
        wasm.dropTies(kept, weights, count, cutoff.logit, cutoff.ties)
        place = pick()
      }
      drawn.token = memory.idsView[place]
      drawn.probability = memory.weightsView[place] / results[0]
      drawn.nucleusSize = results[1]
      return drawn
    },
  }
}
