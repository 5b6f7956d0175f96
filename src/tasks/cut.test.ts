import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText } from './cut.js'

describe('cutText', () => {
  it.each([
    ['One. Two two. Three three.', 20, 'One. Two two.'],
    ['He said "stop." Then he went.', 18, 'He said "stop."'],
    ['Pi is 3.14159 and a bit more.', 14, 'Pi is 3.14159'],
    ['今天下雨。明天晴天。后天不知道。', 11, '今天下雨。明天晴天。'],
    ['A. then no further end of a sentence', 20, 'A. then no further'],
    ['wordwithoutanyblank', 6, 'wordwi'],
    ['exactly ten', 11, 'exactly ten'],
    ['two words', 3, 'two'],
  ])('%j at %i gives %j', (text, maxChars, cut) => {
    expect(cutText(text, maxChars)).toBe(cut)
  })

  it('gives a beginning that is not longer, not empty, and splits no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 2, max: 60 }), (text, maxChars) => {
        const cut = cutText(text, maxChars)
        expect(text.startsWith(cut)).toBe(true)
        expect(cut.length).toBeLessThanOrEqual(maxChars)
        expect(cut.length).toBeGreaterThan(0)
        expect(cut).not.toMatch(/\p{Surrogate}/u)
      }),
    )
  })
})
