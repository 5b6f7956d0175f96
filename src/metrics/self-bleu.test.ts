import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../version.js'
import { sentenceBleu } from './bleu.js'
import { corpusSelfBleu, selfBleu } from './self-bleu.js'
import { goldenCases, largestDifference, TOLERANCE } from './testing/golden.js'
import type { BleuOptions } from './types.js'

interface SelfBleuCase {
  id: string
  samples: string[]
  scores: Record<'13a' | 'zh', { score: number; per_sample: number[]; signature: string }>
}

const cases = goldenCases<SelfBleuCase>('self_bleu')

describe('selfBleu', () => {
  it.each(['13a', 'zh'] as const)('equals sacreBLEU, sample by sample, in all golden groups with %s', (tokenize) => {
    expect(cases).toHaveLength(59)
    for (const { id, samples, scores } of cases) {
      const found = selfBleu(samples, { tokenize })
      const expected = scores[tokenize]
      expect(largestDifference(found.samples, expected.per_sample), id).toBeLessThan(TOLERANCE)
      expect(Math.abs(found.score - expected.score), id).toBeLessThan(TOLERANCE)
      const signature = expected.signature.replace('version:2.6.0', `version:edt-tuner-${VERSION}`)
      expect(found.signature).toBe(`n:${samples.length}|${signature}`)
    }
  })

  it('equals sentence BLEU of each sample against the others under every option', () => {
    const options: fc.Arbitrary<BleuOptions> = fc.record({
      tokenize: fc.constantFrom('13a', 'char', 'none'),
      smooth: fc.constantFrom('exp', 'floor', 'add-k', 'none'),
      effectiveOrder: fc.boolean(),
      lowercase: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(text(), { minLength: 2, maxLength: 6 }), options, (samples, bleuOptions) => {
        const found = selfBleu(samples, bleuOptions).samples
        const slow = samples.map((sample, i) => sentenceBleu(sample, samples.toSpliced(i, 1), bleuOptions).score)
        expect(largestDifference(found, slow)).toBeLessThan(TOLERANCE)
      }),
      { numRuns: 300 },
    )
  })

  it('does not depend on the order of the samples', () => {
    fc.assert(
      fc.property(fc.array(text(), { minLength: 2, maxLength: 5 }), (samples) => {
        expect(selfBleu([...samples].reverse()).score).toBeCloseTo(selfBleu(samples).score, 9)
      }),
    )
  })

  it('averages over disjoint groups in order and leaves out the samples that do not fill one', () => {
    const samples = ['a b c d', 'a b c d', 'e f g h', 'i j k l', 'a b c d']
    const grouped = selfBleu(samples, { group: 2 })
    expect(grouped.groups).toHaveLength(2)
    expect(grouped.groups[0]).toBeCloseTo(100, 9)
    expect(grouped.groups[1]).toBe(0)
    expect(grouped.score).toBeCloseTo(50, 9)
    expect(grouped.samples).toHaveLength(4)
    expect(grouped.signature).toMatch(/^n:2\|nrefs:1\|/)
  })

  it('keeps empty samples, which score 0 even against each other', () => {
    expect(selfBleu(['', '']).score).toBe(0)
    expect(selfBleu(['a b c d', 'a b c d', '']).samples[2]).toBe(0)
  })

  it('has no score for one sample, or for fewer samples than the group', () => {
    expect(() => selfBleu(['only'])).toThrow(/samples holds one sample, which has no other to compare with/)
    expect(() => selfBleu([])).toThrow(/samples is an empty list/)
    expect(() => selfBleu(['a', 'b', 'c'], { group: 5 })).toThrow(
      /group must be at most the number of samples in samples, 3, but is 5/,
    )
    expect(() => selfBleu(['a', 'b'], { group: 1 })).toThrow(/group must be a whole number of at least 2, but is 1/)
  })
})

describe('corpusSelfBleu', () => {
  it('is the mean over the prompts, as the golden file states it', () => {
    const { score, prompts, signature } = corpusSelfBleu(cases.map(({ samples }) => samples))
    expect(Math.abs(score - 42.902036322246815)).toBeLessThan(TOLERANCE)
    expect(prompts).toHaveLength(59)
    expect(signature).toMatch(/^n:var\|nrefs:var\|/)
  })

  it('states n when all prompts were compared in groups of n', () => {
    const prompts = [
      ['a', 'b', 'c'],
      ['a', 'b'],
    ]
    expect(corpusSelfBleu(prompts, { group: 2 }).signature).toMatch(/^n:2\|nrefs:1\|/)
  })

  it('says which prompt has too few samples', () => {
    expect(() => corpusSelfBleu([['a', 'b'], ['a']])).toThrow(/prompts\[1\] holds one sample/)
    expect(() => corpusSelfBleu([])).toThrow(/at least one prompt/)
  })
})

function text() {
  return fc.array(fc.constantFrom('a', 'b', 'B', 'c.', '1,', '1'), { maxLength: 10 }).map((list) => list.join(' '))
}
