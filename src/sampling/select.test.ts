import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectPrefix } from './select.js'

/** Small whole numbers: many ties, and sums of weights that are exact. */
const list = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 80 })
const weightOf = (logit: number) => 2 ** logit

describe('selectPrefix', () => {
  const select = (logits: number[], target: number, measuredBy: 'count' | 'weight') => ({
    ...selectPrefix(Float32Array.from(logits), Float64Array.from(logits, weightOf), logits.length, target, measuredBy),
  })
  const kept = (logits: number[], { logit, ties }: { logit: number; ties: number }) => [
    ...logits.filter((other) => other > logit),
    ...new Array(ties).fill(logit),
  ]
  const sum = (logits: number[]) => logits.reduce((total, logit) => total + weightOf(logit), 0)

  it('keeps exactly the wanted number of the highest', () => {
    fc.assert(
      fc.property(list, fc.nat(), (logits, seed) => {
        const wanted = 1 + (seed % logits.length)
        const prefix = select(logits, wanted, 'count')
        const sorted = logits.toSorted((a, b) => b - a)
        expect(kept(sorted, prefix)).toEqual(sorted.slice(0, wanted))
        expect(prefix.weight).toBe(sum(sorted.slice(0, wanted)))
      }),
    )
  })

  it('keeps as few of the highest as reach the weight, and no fewer', () => {
    fc.assert(
      fc.property(list, fc.double({ min: 0.001, max: 1, noNaN: true }), (logits, part) => {
        const target = part * sum(logits)
        const prefix = select(logits, target, 'weight')
        const keeps = kept(
          logits.toSorted((a, b) => b - a),
          prefix,
        )
        expect(sum(keeps)).toBe(prefix.weight)
        expect(sum(keeps)).toBeGreaterThanOrEqual(target)
        expect(sum(keeps.slice(0, -1))).toBeLessThan(target)
      }),
    )
  })

  it('keeps all where all together do not reach the target', () => {
    fc.assert(
      fc.property(list, (logits) => {
        const prefix = select(logits, 2 * sum(logits), 'weight')
        expect(kept(logits, prefix)).toHaveLength(logits.length)
      }),
    )
  })
})
