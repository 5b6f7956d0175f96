import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../version.js'
import { corpusEda, eda } from './eda.js'

const aim = { bestQuality: 40, worstSelfBleu: 80 }
const percent = fc.double({ min: 0, max: 100, noNaN: true })

describe('eda', () => {
  it('is the distance from the best quality without overlap', () => {
    expect(eda({ quality: 40, selfBleu: 0, ...aim }).score).toBe(0)
    expect(eda({ quality: 0, selfBleu: 80, ...aim }).score).toBe(100)
    expect(eda({ quality: 40, selfBleu: 80, ...aim }).score).toBeCloseTo(100 * Math.SQRT1_2, 12)
    // 100 · sqrt(½ · (0.25² + 0.5²))
    expect(eda({ quality: 30, selfBleu: 40, ...aim }).score).toBeCloseTo(39.528470752104745, 12)
  })

  it('weighs the two terms', () => {
    expect(eda({ quality: 30, selfBleu: 40, ...aim, weights: [1, 0] }).score).toBe(25)
    expect(eda({ quality: 30, selfBleu: 40, ...aim, weights: [0, 1] }).score).toBe(50)
  })

  it('carries the aim and the weights, also in its signature', () => {
    const score = eda({ quality: 30, selfBleu: 40, ...aim, weights: [0.7, 0.3] })
    expect(score).toMatchObject({ quality: 30, selfBleu: 40, bestQuality: 40, worstSelfBleu: 80, weights: [0.7, 0.3] })
    expect(score.signature).toBe(`best-quality:40|worst-self-bleu:80|weights:0.7,0.3|version:edt-tuner-${VERSION}`)
  })

  it('never grows with quality (up to the best) and never falls with Self-BLEU', () => {
    fc.assert(
      fc.property(percent, percent, percent, percent, (q1, q2, d1, d2) => {
        const better = eda({
          quality: Math.max(q1, q2),
          selfBleu: Math.min(d1, d2),
          bestQuality: 100,
          worstSelfBleu: 80,
        })
        const worse = eda({
          quality: Math.min(q1, q2),
          selfBleu: Math.max(d1, d2),
          bestQuality: 100,
          worstSelfBleu: 80,
        })
        expect(better.score).toBeLessThanOrEqual(worse.score)
      }),
    )
  })

  it('says which number cannot be used', () => {
    expect(() => eda({ quality: Number.NaN, selfBleu: 1, ...aim })).toThrow(/quality must be a number of at least 0/)
    expect(() => eda({ quality: 1, selfBleu: -1, ...aim })).toThrow(
      /selfBleu must be a number of at least 0, but is -1/,
    )
    expect(() => eda({ quality: 0, selfBleu: 1, bestQuality: 0, worstSelfBleu: 1 })).toThrow(
      /bestQuality must be a number above 0/,
    )
    expect(() => eda({ quality: 0, selfBleu: 1, bestQuality: 1, worstSelfBleu: 0 })).toThrow(
      /worstSelfBleu must be a number above 0/,
    )
    expect(() => eda({ quality: 1, selfBleu: 1, ...aim, weights: [0, 0] })).toThrow(/weights must be two numbers/)
  })
})

describe('corpusEda', () => {
  it('is EDA of the means, which is at most the mean of the EDAs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(percent, percent), { minLength: 1 }), (prompts) => {
        const quality = prompts.map(([q]) => q)
        const selfBleu = prompts.map(([, d]) => d)
        const corpus = corpusEda({ quality, selfBleu, ...aim })
        const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
        expect(corpus).toEqual(eda({ quality: mean(quality), selfBleu: mean(selfBleu), ...aim }))
        const instances = prompts.map(([q, d]) => eda({ quality: q, selfBleu: d, ...aim }).score)
        expect(corpus.score).toBeLessThanOrEqual(mean(instances) + 1e-9)
      }),
    )
  })

  it('refuses lists that do not fit together, and names a number that is none', () => {
    expect(() => corpusEda({ quality: [1], selfBleu: [1, 2], ...aim })).toThrow(
      /quality has 1 entries, but selfBleu has 2/,
    )
    expect(() => corpusEda({ quality: [], selfBleu: [], ...aim })).toThrow(/quality is an empty list/)
    expect(() => corpusEda({ quality: [1, Number.NaN], selfBleu: [1, 2], ...aim })).toThrow(
      /quality\[1\] must be a number/,
    )
  })
})
