import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alternativeFacts, percent, type TokenStep, visibleText } from './token-facts.js'

/** Softmax at a temperature over the first `kept` of descending logits, the slow and obvious way. */
function softmax(logits: readonly number[], temperature: number, kept = logits.length): number[] {
  const weights = logits.map((logit, i) => (i < kept ? Math.exp((logit - logits[0]) / temperature) : 0))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

const cases = fc.record({
  logits: fc
    .array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 8, maxLength: 20 })
    .map((values) => values.sort((a, b) => b - a)),
  temperature: fc.double({ min: 0.05, max: 3, noNaN: true }),
  kept: fc.integer({ min: 1, max: 8 }),
  pick: fc.nat(100),
})

describe('the alternatives of a token', () => {
  it('have the probabilities of the distribution that was drawn from, and of the model’s own', () => {
    fc.assert(
      fc.property(cases, ({ logits, temperature, kept, pick }) => {
        const rank = pick % kept
        const [model, drawn] = [softmax(logits, 1), softmax(logits, temperature, kept)]
        // Nobody draws a token whose probability vanishes.
        fc.pre(drawn[rank] > 1e-12)
        const step: TokenStep = {
          ...{ text: 'x', entropy: 1, temperature, rank, nucleus_size: kept },
          probability: drawn[rank],
          logprob: Math.log(model[rank]),
          alternatives: logits.slice(0, 6).map((_, i) => ({ token: i, text: `t${i}`, logprob: Math.log(model[i]) })),
        }
        alternativeFacts(step).forEach((fact, i) => {
          expect(fact.model).toBeCloseTo(model[i], 9)
          expect(fact.drawn).toBeCloseTo(drawn[i], 6)
          expect(fact.chosen).toBe(i === rank)
        })
      }),
    )
  })

  it('at temperature 0 leave nothing but the most probable token', () => {
    const alternatives = [-0.1, -3, -3].map((logprob, token) => ({ token, text: 'x', logprob }))
    const greedy = { text: 'x', entropy: 0.4, temperature: 0, probability: 1, rank: 0, nucleus_size: 3, logprob: -0.1 }
    expect(alternativeFacts({ ...greedy, alternatives }).map(({ drawn }) => drawn)).toEqual([1, 0, 0])
  })
})

it('percentages have as many digits as say something', () => {
  expect([1, 0.9996, 0.5, 0.0123, 0.0004, 0].map(percent)).toEqual([
    '100 %',
    '100 %',
    '50.0 %',
    '1.2 %',
    '< 0.1 %',
    '0 %',
  ])
})

it('line ends and the end of an answer are seen', () => {
  expect(['', '\n', ' a\tb'].map(visibleText)).toEqual(['end', '⏎', ' a⇥b'])
})
