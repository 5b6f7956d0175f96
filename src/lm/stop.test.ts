import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAtStop, StopDetector } from './stop.js'

const vocabulary = ['a', 'b', 'ab', '\n', 'END', 'E', 'N', 'D', ' ', 'é']
const decode = (tokens: readonly number[]): string => tokens.map((t) => vocabulary[t]).join('')

describe('StopDetector', () => {
  it('stops at the same token and with the same text as decoding everything at every token', () => {
    const stops = fc.array(fc.constantFrom('\n', 'END', 'ba', 'é ', 'abab'), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(fc.nat(vocabulary.length - 1), { maxLength: 40 }), stops, (tokens, stopStrings) => {
        const detector = new StopDetector(stopStrings, (t) => vocabulary[t], decode)
        for (let n = 1; n <= tokens.length; n++) {
          const seen = tokens.slice(0, n)
          const cut = detector.push(seen)
          expect(cut).toBe(cutAtStop(decode(seen), stopStrings))
          if (cut !== undefined) return
        }
      }),
    )
  })

  it('cuts at the earliest of several stop strings', () => {
    expect(cutAtStop('one END two\nthree', ['\n', 'END'])).toBe('one ')
    expect(cutAtStop('one', ['\n'])).toBeUndefined()
  })
})
