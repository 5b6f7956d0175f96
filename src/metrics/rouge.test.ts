import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../version.js'
import { corpusRouge, ROUGE_TYPES, rouge, rougeScorer, tokenize } from './rouge.js'
import { goldenCases, largestDifference, TOLERANCE } from './testing/golden.js'
import type { RougeScore, RougeScores } from './types.js'

type Types = Record<(typeof ROUGE_TYPES)[number], RougeScore>
interface RougeCase {
  id: string
  tags: string[]
  prediction: string
  references: string[]
  scores: { plain: Types; stemmed: Types }
}

const cases = goldenCases<RougeCase>('rouge_l')

function numbers(scores: Types): number[] {
  return ROUGE_TYPES.flatMap((type) => [scores[type].precision, scores[type].recall, scores[type].fmeasure])
}

describe('rouge', () => {
  it.each(['plain', 'stemmed'] as const)('equals rouge-score in all golden cases, %s', (kind) => {
    expect(cases).toHaveLength(194)
    for (const { id, prediction, references, scores } of cases) {
      const found = rouge(prediction, references, { stemmer: kind === 'stemmed' })
      expect(largestDifference(numbers(found), numbers(scores[kind])), id).toBeLessThan(TOLERANCE)
    }
  })

  it('tokenizes every golden string as rouge-score does', () => {
    const strings = goldenCases<{ id: string; text: string; tokens: Record<'rouge' | 'rouge_stemmed', string[]> }>(
      'tokenize',
    )
    for (const { id, text, tokens } of strings) {
      expect(tokenize(text, false), id).toEqual(tokens.rouge)
      expect(tokenize(text, true), id).toEqual(tokens.rouge_stemmed)
    }
  })

  it('takes one reference as a string too, and carries its signature', () => {
    const scores = rouge('the cat sat', 'the cat sat down')
    expect(scores).toEqual(rouge('the cat sat', ['the cat sat down']))
    expect(scores.signature).toBe(`nrefs:1|case:lc|tok:rouge|stem:no|version:edt-tuner-${VERSION}`)
    expect(rouge('cats', ['cat', 'dog'], { stemmer: true }).signature).toMatch(/^nrefs:2\|.*\|stem:yes\|/)
  })

  it('swaps precision and recall when the two texts are swapped', () => {
    fc.assert(
      fc.property(words(), words(), (a, b) => {
        const forward = rouge(a, b)
        const backward = rouge(b, a)
        for (const type of ROUGE_TYPES) {
          const { precision, recall, fmeasure } = forward[type]
          expect(backward[type]).toEqual({ precision: recall, recall: precision, fmeasure })
        }
      }),
    )
  })

  it('keeps for each type the reference with the best F', () => {
    fc.assert(
      fc.property(words(), fc.array(words(), { minLength: 1, maxLength: 4 }), (prediction, references) => {
        const scores = rouge(prediction, references)
        const single = references.map((reference) => rouge(prediction, reference))
        for (const type of ROUGE_TYPES) {
          expect(scores[type].fmeasure).toBe(Math.max(...single.map((score) => score[type].fmeasure)))
        }
      }),
    )
  })

  it('gives the same scores however many predictions were scored before', () => {
    const score = rougeScorer(['a b a b c', 'b a c c'])
    fc.assert(
      fc.property(words(), (text) => {
        expect(score(text)).toEqual(rouge(text, ['a b a b c', 'b a c c']))
      }),
    )
  })
})

describe('text that ROUGE cannot judge', () => {
  const warnings = (...texts: [string, string]): RougeScores['warning'] => rouge(...texts).warning

  it('warns for Chinese, which scores 0 against itself', () => {
    const scores = rouge('今天的天气非常好。', '今天的天气非常好。')
    expect(scores.rougeL.fmeasure).toBe(0)
    expect(scores.warning).toMatch(/only a–z and 0–9, but "今天的天气非常好。" is mostly other letters.*tokenize zh/)
    expect(warnings('2019年他去了北京。', 'He went to Beijing in 2019.')).toBeDefined()
  })

  it('does not warn for English, for languages with some accented letters, or without letters', () => {
    expect(warnings('“Smart” quotes — and a dash', 'café')).toBeUndefined()
    expect(warnings('Größere Mäuse äßen öfter Käse', 'Die Maus aß den Käse')).toBeUndefined()
    expect(warnings('?!…', '')).toBeUndefined()
  })

  it('scores texts without a token 0', () => {
    expect(numbers(rouge('', 'a cat'))).toEqual(new Array(9).fill(0))
    expect(numbers(rouge('?!', '?!'))).toEqual(new Array(9).fill(0))
  })
})

describe('corpusRouge', () => {
  it('is the mean of each number over the predictions', () => {
    const predictions = cases.map((one) => one.prediction)
    const scores = corpusRouge(
      predictions,
      cases.map((one) => one.references),
    )
    const expected = cases
      .map((one) => numbers(one.scores.plain))
      .reduce((sum, row) => sum.map((value, i) => value + row[i]))
      .map((sum) => sum / cases.length)
    expect(largestDifference(numbers(scores), expected)).toBeLessThan(TOLERANCE)
    expect(scores.count).toBe(194)
    expect(scores.signature).toMatch(/^nrefs:var\|/)
    expect(scores.warning).toBeDefined()
  })

  it('refuses lists that do not fit together, and says which entry cannot be scored', () => {
    expect(() => corpusRouge(['a', 'b'], ['a', []])).toThrow(/references\[1\] is an empty list/)
    // @ts-expect-error JavaScript callers may pass null.
    expect(() => corpusRouge(['a', null], ['a', 'b'])).toThrow(/predictions\[1\] must be a string, but is null/)
    expect(() => corpusRouge(['a'], [])).toThrow(/predictions has 1 entries, but references has 0/)
    expect(() => corpusRouge([], [])).toThrow(/predictions is an empty list/)
  })
})

it('names what is no text', () => {
  expect(() => rouge('a', [])).toThrow(/references is an empty list/)
  // @ts-expect-error JavaScript callers may pass null.
  expect(() => rouge(null, 'a')).toThrow(/prediction must be a string, but is null/)
  // @ts-expect-error JavaScript callers may pass null.
  expect(() => rouge('a', ['b', null])).toThrow(/references\[1\] must be a string, but is null/)
})

function words() {
  return fc.array(fc.constantFrom('a', 'b', 'C', '__proto__'), { maxLength: 9 }).map((list) => list.join(' '))
}
