import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lcsLength } from './lcs.js'

it('equals the longest subsequence of a that is one of b, found by trying them all', () => {
  const list = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 })
  fc.assert(
    fc.property(list, list, (a, b) => {
      let longest = 0
      for (let chosen = 0; chosen < 1 << a.length; chosen++) {
        const candidate = a.filter((_, i) => chosen & (1 << i))
        if (candidate.length > longest && isSubsequence(candidate, b)) longest = candidate.length
      }
      expect(lcsLength(Int32Array.from(a), Int32Array.from(b))).toBe(longest)
    }),
  )
})

function isSubsequence(part: number[], whole: number[]): boolean {
  let next = 0
  for (const value of whole) if (value === part[next]) next++
  return next === part.length
}
