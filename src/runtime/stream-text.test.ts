import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAtStop } from '../lm/stop.js'
import { StreamText } from './stream-text.js'

describe('StreamText', () => {
  it('shows a prefix of the final text, never a stop string, never half a character', () => {
    const bytes = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens))
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', 'E', 'N', 'D') })
    fc.assert(
      fc.property(text, fc.subarray(['\n', 'END', 'é\n']), (answer, stopStrings) => {
        const stream = new StreamText(bytes, stopStrings)
        const final = cutAtStop(answer, stopStrings) ?? answer
        let shown = ''
        for (const byte of new TextEncoder().encode(answer)) {
          shown += stream.push(byte)
          expect(final.startsWith(shown)).toBe(true)
        }
        if (stopStrings.length === 0) expect(shown).toBe(final)
      }),
    )
  })
})
