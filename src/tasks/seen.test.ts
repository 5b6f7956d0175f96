import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FirstPlaces } from './seen.js'

describe('FirstPlaces', () => {
  it('remembers what a map remembers, through any number of growths', () => {
    const texts = fc.array(fc.string({ maxLength: 2 }), { maxLength: 3000, size: 'max' })
    fc.assert(
      fc.property(texts, (visited) => {
        const places = new FirstPlaces()
        const map = new Map<string, number>()
        for (const [place, text] of visited.entries()) {
          expect(places.visit(text, place)).toBe(map.get(text))
          if (!map.has(text)) map.set(text, place)
        }
      }),
      { numRuns: 20 },
    )
  })
})
