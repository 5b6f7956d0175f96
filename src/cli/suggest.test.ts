import { describe, expect, it } from 'vitest'
import { didYouMean, nearest } from './suggest.js'

describe('a suggestion', () => {
  it.each([
    ['sampels', 'samples'],
    ['trian', 'train'],
    ['tempature', 'temperature'],
    ['max-new-token', 'max-new-tokens'],
  ])('for %s is %s', (word, expected) => {
    expect(nearest(word, ['seed', 'train', 'samples', 'temperature', 'max-new-tokens'])).toBe(expected)
  })

  it('is not made when nothing is near', () => {
    expect(nearest('x', ['t0', 'seed'])).toBeUndefined()
    expect(didYouMean('banana', ['train', 'fit'])).toBe('')
  })
})
