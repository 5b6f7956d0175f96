import { InvalidOptionError } from '../errors.js'
import { InvalidTemperatureError } from './errors.js'
import type { KernelName } from './kernel.js'
import { sharedKernel } from './kernels.js'
import { klDivergence } from './kl.js'
import { resolveTruncation, truncationSignature } from './truncation.js'
import type { Sampler, TemperatureRule, Truncation } from './types.js'

export interface SamplerOptions {
  /** Sets the temperature of each token. @example createRule({ name: 'edt', t0: 0.6, theta: 0.1 }) */
  rule: TemperatureRule
  /** Cuts after the temperature. @default { topP: 0.95 } */
  truncation?: Truncation
  /** Code path; both draw the same tokens, ties within rounding apart. @default the fastest that this machine has */
  kernel?: KernelName
}

/**
 * A sampler for rows of logits: entropy → temperature → top-nσ → top-k → top-p → min-p → draw.
 *
 * The draw inverts the cumulative distribution of the kept tokens in the order of their ids, so the same logits and the
 * same uniform number give the same token. Temperature 0 takes the argmax, the lowest id on ties. A sampler keeps no state
 * between rows: any number of rows and samplers can be served in turn.
 *
 * @throws {InvalidOptionError} for a truncation out of its range, or a kernel that this machine does not have
 */
export function createSampler({ rule, truncation, kernel: kernelName }: SamplerOptions): Sampler {
  const cuts = resolveTruncation(truncation)
  const kernel = sharedKernel(kernelName)
  const needsContrast = rule.needsContrast === true
  const needsHistory = rule.needsHistory === true
  return {
    signature: `${rule.signature}|${truncationSignature(cuts)}`,
    needsContrast,
    needsHistory,
    sample(logits, uniform, contrastLogits, history) {
      if (!(uniform >= 0 && uniform < 1)) throw new InvalidOptionError('uniform', 'in [0, 1)', uniform)
      let divergence: number | undefined
      if (needsContrast) {
        if (contrastLogits === undefined) {
          throw new InvalidOptionError(
            'contrastLogits',
            `the same step's logits without the source, which the rule ${rule.name} needs`,
            contrastLogits,
          )
        }
        divergence = klDivergence(logits, contrastLogits)
      }
      if (needsHistory && history === undefined) {
        throw new InvalidOptionError('history', `the row's earlier steps, which the rule ${rule.name} needs`, history)
      }
      const { argmax, entropy } = kernel.measure(logits)
      const meanEntropy = history === undefined ? undefined : (history.entropySum + entropy) / (history.steps + 1)
      const temperature = rule.temperature({ entropy, vocabularySize: logits.length, divergence, meanEntropy })
      if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
        throw new InvalidTemperatureError(rule.signature, temperature, entropy)
      }
      if (temperature === 0) return { token: argmax, entropy, temperature, probability: 1, nucleusSize: 1 }
      const { token, probability, nucleusSize } = kernel.draw(logits, temperature, cuts, uniform)
      return { token, entropy, temperature, probability, nucleusSize }
    },
  }
}
