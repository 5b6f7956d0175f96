import { expect, it } from 'vitest'
import { porterStem } from './porter.js'
import { goldenCases } from './testing/golden.js'

it('stems every golden word as NLTK does', () => {
  const cases = goldenCases<{ text: string; stem: string }>('porter')
  expect(cases).toHaveLength(2520)
  const wrong = cases.filter(({ text, stem }) => porterStem(text) !== stem)
  expect(wrong).toEqual([])
})
