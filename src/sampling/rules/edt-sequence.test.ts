import { describe, expect, it } from 'vitest'
import { createSampler } from '../sampler.js'
import { modelLikeLogits } from '../testing/logits.js'
import { edt } from './edt.js'
import { edtSequence } from './edt-sequence.js'

const options = { t0: 1.2, theta: 2 }
const perToken = createSampler({ rule: edt(options) })
const perSequence = createSampler({ rule: edtSequence(options) })

describe('edt-sequence', () => {
  it('is EDT for the first token of a row', () => {
    const logits = modelLikeLogits(200, 1)
    expect(perSequence.sample(logits, 0.4, undefined, { steps: 0, entropySum: 0 })).toEqual(
      perToken.sample(logits, 0.4),
    )
  })

  it("takes the mean of the row's entropies so far, the current one included", () => {
    const logits = modelLikeLogits(200, 1)
    const { entropy, temperature } = perSequence.sample(logits, 0.4, undefined, { steps: 3, entropySum: 0.6 })
    expect(temperature).toBeCloseTo(1.2 * 0.8 ** (2 / ((0.6 + entropy) / 4)), 12)
  })

  it('stays warm for one sure token in an unsure row, where EDT takes the argmax', () => {
    const sure = new Float32Array(50).fill(Number.NEGATIVE_INFINITY)
    sure[7] = 1
    const { temperature } = perSequence.sample(sure, 0.4, undefined, { steps: 9, entropySum: 30 })
    expect(temperature).toBeCloseTo(1.2 * 0.8 ** (2 / 3), 12)
    expect(perToken.sample(sure, 0.4).temperature).toBe(0)
  })

  it('refuses to work without the mean, and values out of their range by its own name', () => {
    const rule = edtSequence(options)
    expect(() => rule.temperature({ entropy: 1, vocabularySize: 9 })).toThrow(
      "edt-sequence: meanEntropy must be the mean entropy of the row's tokens so far, but is missing.",
    )
    expect(() => edtSequence({ t0: -1, theta: 0 })).toThrow('edt-sequence: t0 must be a finite number ≥ 0, but is -1.')
  })
})
