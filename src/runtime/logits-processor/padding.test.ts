import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutPadding } from './padding.js'

const PAD = 7

describe('withoutPadding', () => {
  it('gives back the prompts of a batch, also those that begin with the token that pads', () => {
    const token = fc.integer({ min: 0, max: 9 }).filter((id) => id !== PAD)
    const rest = fc.tuple(token, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }))
    const ofAll = fc.integer({ min: 0, max: 2 })
    fc.assert(
      fc.property(fc.array(rest, { minLength: 1, maxLength: 5 }), ofAll, (rests, own) => {
        const prompts = rests.map(([first, others]) => [...Array(own).fill(PAD), first, ...others])
        const longest = Math.max(...prompts.map((prompt) => prompt.length))
        const batch = prompts.map((prompt) => [...Array(longest - prompt.length).fill(PAD), ...prompt].map(BigInt))
        expect(withoutPadding(batch, PAD)).toEqual(prompts)
      }),
    )
  })

  it('takes nothing away when the padding token is not known', () => {
    expect(withoutPadding([[7n, 7n, 1n]], undefined)).toEqual([[7, 7, 1]])
  })
})
