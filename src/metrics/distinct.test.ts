import { expect, it } from 'vitest'
import { VERSION } from '../version.js'
import { distinct } from './distinct.js'

it('counts different n-grams over all n-grams of all samples', () => {
  const samples = ['the cat sat', 'the cat ran']
  expect(distinct(samples, { n: 1 })).toMatchObject({ distinct: 4, total: 6, score: 4 / 6 })
  expect(distinct(samples)).toMatchObject({ distinct: 3, total: 4, score: 3 / 4 })
  expect(distinct(samples).signature).toBe(`n:2|case:mixed|tok:13a|version:edt-tuner-${VERSION}`)
})

it('does not join n-grams across samples, and keeps words apart that only look alike when joined', () => {
  expect(distinct(['a b', 'c d']).total).toBe(2)
  expect(distinct(['ab c', 'a bc'])).toMatchObject({ distinct: 2, total: 2 })
})

it('tokenizes and lower-cases as asked', () => {
  expect(distinct(['今天天'], { n: 1, tokenize: 'zh' })).toMatchObject({ distinct: 2, total: 3 })
  expect(distinct(['A a'], { n: 1, lowercase: true })).toMatchObject({ distinct: 1, total: 2 })
})

it('is 0 when no sample is long enough', () => {
  expect(distinct(['', 'one'])).toMatchObject({ score: 0, distinct: 0, total: 0 })
})

it('refuses no samples and impossible options', () => {
  expect(() => distinct([])).toThrow(/samples is an empty list/)
  expect(() => distinct(['a'], { n: 0 })).toThrow(/n must be a whole number of at least 1, but is 0/)
  // @ts-expect-error a tokenizer that sacreBLEU has and we do not
  expect(() => distinct(['a'], { tokenize: 'spm' })).toThrow(/tokenize must be one of/)
})
