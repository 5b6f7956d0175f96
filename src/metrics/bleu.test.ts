import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.js'
import { VERSION } from '../version.js'
import { bleuScorer, corpusBleu, sentenceBleu } from './bleu.js'
import type { BleuScore } from './bleu-score.js'
import { MetricInputError } from './errors.js'
import { goldenCases, largestDifference, TOLERANCE } from './testing/golden.js'
import type { BleuOptions, BleuSmoothing, BleuTokenizer } from './types.js'

interface GoldenScore {
  id: string
  options: {
    tokenize: BleuTokenizer
    smooth_method: BleuSmoothing
    smooth_value: number | null
    lowercase: boolean
    effective_order: boolean
  }
  score: number
  precisions: number[]
  bp: number
  sys_len: number
  ref_len: number
  counts: number[]
  totals: number[]
  signature: string
}
type SentenceCase = GoldenScore & { level: 'sentence'; hypothesis: string; references: string[] }
type CorpusCase = GoldenScore & { level: 'corpus'; hypotheses: string[]; references: (string | null)[][] }

const cases = goldenCases<SentenceCase | CorpusCase>('bleu')
const sentences = cases.filter((one) => one.level === 'sentence')
const corpora = cases.filter((one) => one.level === 'corpus')

function optionsOf({ options }: GoldenScore): BleuOptions {
  return {
    tokenize: options.tokenize,
    smooth: options.smooth_method,
    smoothValue: options.smooth_value ?? undefined,
    lowercase: options.lowercase,
    effectiveOrder: options.effective_order,
  }
}

function expectGolden(found: BleuScore, expected: GoldenScore) {
  const numbers = (score: GoldenScore) => [score.score, score.bp, score.sys_len, score.ref_len]
  const own = [found.score, found.brevityPenalty, found.hypothesisLength, found.referenceLength]
  expect(largestDifference(own, numbers(expected)), expected.id).toBeLessThan(TOLERANCE)
  expect(largestDifference(found.precisions, expected.precisions), expected.id).toBeLessThan(TOLERANCE)
  expect(found.counts, expected.id).toEqual(expected.counts)
  expect(found.totals, expected.id).toEqual(expected.totals)
  expect(found.signature).toBe(expected.signature.replace('version:2.6.0', `version:edt-tuner-${VERSION}`))
}

describe('sentenceBleu', () => {
  it('equals sacreBLEU in all golden sentences', () => {
    expect(sentences).toHaveLength(775)
    for (const one of sentences) expectGolden(sentenceBleu(one.hypothesis, one.references, optionsOf(one)), one)
  })

  it('uses 13a, exp smoothing and effective order unless told otherwise', () => {
    const { score, signature } = sentenceBleu('It was cold.', ['It was warm.'])
    expect(score).toBe(
      sentenceBleu('It was cold.', ['It was warm.'], { tokenize: '13a', smooth: 'exp', effectiveOrder: true }).score,
    )
    expect(signature).toBe(`nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:edt-tuner-${VERSION}`)
  })

  it('does not depend on the order of the references', () => {
    fc.assert(
      fc.property(fc.array(words(), { minLength: 1, maxLength: 4 }), words(), (references, hypothesis) => {
        const backwards = sentenceBleu(hypothesis, [...references].reverse())
        expect(backwards).toEqual(sentenceBleu(hypothesis, references))
      }),
    )
  })

  it('scores a hypothesis that is one of its references 100, whatever the others are', () => {
    fc.assert(
      fc.property(words(1), fc.array(words(), { maxLength: 3 }), (text, others) => {
        expect(sentenceBleu(text, [...others, text]).score).toBeCloseTo(100, 9)
      }),
    )
  })
})

describe('bleuScorer', () => {
  it('gives the same score for a hypothesis however many were scored before', () => {
    const references = ['a b a b c', 'b a c c']
    const score = bleuScorer(references)
    fc.assert(
      fc.property(words(), (text) => {
        expect(score(text)).toEqual(sentenceBleu(text, references))
      }),
    )
  })
})

describe('corpusBleu', () => {
  it('equals sacreBLEU in all golden corpora, also where sentences differ in the number of references', () => {
    expect(corpora).toHaveLength(38)
    for (const one of corpora) {
      const references = one.hypotheses.map((_, i) =>
        one.references.map((stream) => stream[i]).filter((text) => text !== null),
      )
      expectGolden(corpusBleu(one.hypotheses, references, optionsOf(one)), one)
    }
  })

  it('prints as sacreBLEU does', () => {
    const score = corpusBleu(['the cat sat on the mat', 'it is'], [['the cat sat on a mat'], ['it was']])
    expect(String(score)).toBe('BLEU = 50.00 75.0/50.0/50.0/33.3 (BP = 1.000 ratio = 1.000 hyp_len = 8 ref_len = 8)')
  })
})

describe('errors', () => {
  it('names what is missing or does not fit', () => {
    expect(() => sentenceBleu('a', [])).toThrow(
      new MetricInputError('sentenceBleu', 'references is an empty list; give at least one string.'),
    )
    expect(() => corpusBleu([], [])).toThrow(/hypotheses is an empty list/)
    expect(() => corpusBleu(['a', 'b'], [['a']])).toThrow(/hypotheses has 2 entries, but references has 1;/)
    expect(() => corpusBleu(['a', 'b'], [['a'], []])).toThrow(/references\[1\] is an empty list/)
    // @ts-expect-error JavaScript callers may forget the list.
    expect(() => sentenceBleu('a', 'a')).toThrow(/references must be a list of strings, but is "a"/)
    // @ts-expect-error JavaScript callers may pass null.
    expect(() => corpusBleu(['a', null], [['a'], ['b']])).toThrow(/hypotheses\[1\] must be a string, but is null/)
  })

  it('refuses options that cannot be used, with the values that can', () => {
    const withOptions = (options: object) => () => sentenceBleu('a', ['a'], options)
    expect(withOptions({ tokenize: 'ja-mecab' })).toThrow(
      new InvalidOptionError('tokenize', 'one of 13a, zh, char, intl, none', 'ja-mecab'),
    )
    expect(withOptions({ smooth: 'add' })).toThrow(/smooth must be one of exp, floor, add-k, none, but is "add"/)
    expect(withOptions({ smooth: 'floor', smoothValue: -1 })).toThrow(/smoothValue must be a number of at least 0/)
    expect(withOptions({ smooth: 'exp', smoothValue: 1 })).toThrow(/smoothValue must be left out with smooth exp/)
  })
})

/** Texts over a tiny alphabet, so that n-grams repeat and match often. */
function words(minLength = 0) {
  return fc
    .array(fc.constantFrom('a', 'b', 'c', '__proto__'), { minLength, maxLength: 9 })
    .map((list) => list.join(' '))
}
