import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KvLayer } from '../lm/types.js'
import { extractFeatures, featureGroup } from './index.js'
import type { PromptObservation } from './types.js'

const layer = (fill: (position: number) => number, positions: number): KvLayer => ({
  kvHeads: 1,
  headSize: 2,
  key: new Float32Array(positions * 2),
  value: Float32Array.from({ length: positions * 2 }, (_, i) => fill(Math.floor(i / 2))),
})

const observation: PromptObservation = {
  tokenIds: [5, 6, 5, 6, 7],
  lastLogits: Float32Array.from([0, 0, 0, 0]),
  text: 'Is it 42? Über 7!\nYes',
  surprisals: Float32Array.from([1, 2, 3, 6]),
  kv: [layer((p) => p, 5), layer((p) => 10 * p, 5)],
}

const feature = (o: PromptObservation, name: string): number => {
  const { names, values } = extractFeatures(o)
  const at = names.indexOf(name)
  if (at < 0) throw new Error(`no feature ${name}`)
  return values[at]
}

describe('extractFeatures', () => {
  it('describes tokens and the first step', () => {
    expect(feature(observation, 'prompt.log_tokens')).toBeCloseTo(Math.log(6), 6)
    expect(feature(observation, 'prompt.distinct_tokens')).toBeCloseTo(3 / 5, 6)
    expect(feature(observation, 'prompt.repeated_bigrams')).toBeCloseTo(1 / 4, 6)
    expect(feature(observation, 'prompt.first_entropy')).toBeCloseTo(Math.log(4), 6)
    expect(feature(observation, 'prompt.first_varentropy')).toBeCloseTo(0, 6)
    expect(feature(observation, 'prompt.first_top_probability')).toBeCloseTo(0.25, 6)
    expect(feature(observation, 'prompt.first_margin')).toBeCloseTo(0, 6)
    expect(feature(observation, 'prompt.first_log_nucleus95')).toBeCloseTo(Math.log(4), 6)
  })

  it('describes characters', () => {
    const length = observation.text?.length ?? 0
    expect(feature(observation, 'text.digits')).toBeCloseTo(3 / length, 6)
    expect(feature(observation, 'text.not_ascii')).toBeCloseTo(1 / length, 6)
    expect(feature(observation, 'text.log_lines')).toBeCloseTo(Math.log(2), 6)
    expect(feature(observation, 'text.questions')).toBeCloseTo(Math.log(2), 6)
  })

  it('describes surprisals and pooled values', () => {
    expect(feature(observation, 'surprisal.mean')).toBeCloseTo(3, 6)
    expect(feature(observation, 'surprisal.max')).toBe(6)
    expect(feature(observation, 'surprisal.q50')).toBeCloseTo(2.5, 6)
    expect(feature(observation, 'surprisal.trend')).toBeCloseTo(3, 6)
    expect(feature(observation, 'prefill.value_middle_mean_0')).toBeCloseTo(2, 6)
    expect(feature(observation, 'prefill.value_last_mean_1')).toBeCloseTo(20, 6)
    expect(feature(observation, 'prefill.value_last_end_0')).toBeCloseTo(40, 6)
  })

  it('gives finite numbers and the same names for any prompt', () => {
    const { names } = extractFeatures(observation)
    const logit = fc.oneof(fc.double({ min: -50, max: 50, noNaN: true }), fc.constant(Number.NEGATIVE_INFINITY))
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(fc.nat(200_000), { minLength: 1, maxLength: 30 }),
        fc.array(logit, { minLength: 1, maxLength: 20 }),
        (text, tokenIds, logits) => {
          const lastLogits = Float32Array.from([0, ...logits])
          const surprisals = new Float32Array(tokenIds.length - 1).fill(2)
          const kv = [layer(() => 1, tokenIds.length)]
          const vector = extractFeatures({ tokenIds, lastLogits, text, surprisals, kv: [kv[0], kv[0]] })
          expect(vector.names).toEqual(names)
          expect(vector.values.every(Number.isFinite)).toBe(true)
        },
      ),
    )
  })

  it('gives the groups that are asked for, and says what a group lacks', () => {
    const { tokenIds, lastLogits } = observation
    const { names } = extractFeatures({ tokenIds, lastLogits }, ['prompt'])
    expect(new Set(names.map(featureGroup))).toEqual(new Set(['prompt']))
    expect(() => extractFeatures({ tokenIds, lastLogits }, ['text'])).toThrow(/"text" needs the prompt's text/)
    expect(() => extractFeatures({ tokenIds, lastLogits }, ['surprisal'])).toThrow(
      /"surprisal" needs the prompt's surprisals/,
    )
    expect(() => extractFeatures({ tokenIds, lastLogits }, ['prefill'])).toThrow(/"prefill" needs the KV cache/)
    expect(() => featureGroup('shoe.size')).toThrow(/no feature of any group/)
  })
})
