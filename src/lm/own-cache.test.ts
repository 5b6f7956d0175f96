import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OwnCache } from './own-cache.js'
import type { CachedRow } from './row-cache.js'

const KV_HEADS = 2
const HEAD_SIZE = 3

interface NamedRow extends CachedRow {
  name: number
}

/** A number that tells row, head and position apart; it must stay with its row. */
const mark = (name: number, head: number, position: number): number => name * 10_000 + head * 1000 + position

function expectRowsIntact(cache: OwnCache<NamedRow>): void {
  const [, , slots] = cache.dims
  const values = cache.read(0)
  expect(values.every(Number.isFinite)).toBe(true)
  cache.rows.forEach((row, r) => {
    for (let h = 0; h < KV_HEADS; h++) {
      for (let p = 0; p < row.length; p++) {
        const at = ((r * KV_HEADS + h) * slots + p) * HEAD_SIZE
        expect([...values.subarray(at, at + HEAD_SIZE)]).toEqual(Array(HEAD_SIZE).fill(mark(row.name, h, p)))
      }
    }
  })
}

describe('OwnCache', () => {
  it('keeps every position with its row through any sequence of joins, steps and departures', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), lengths: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }) }),
      fc.record({ kind: fc.constant('step' as const) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(10) }),
      fc.record({ kind: fc.constant('fork' as const), at: fc.nat(10), times: fc.integer({ min: 1, max: 3 }) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const cache = new OwnCache<NamedRow>(2, KV_HEADS, HEAD_SIZE)
        let names = 1
        for (const a of actions) {
          if (a.kind === 'add') {
            const first = cache.rows.length
            cache.add(a.lengths.map((length) => ({ name: names++, length })))
            cache.rows.slice(first).forEach(({ name, length }, i) => {
              const source = new Float32Array(KV_HEADS * length * HEAD_SIZE)
              source.forEach((_, at) => {
                const position = Math.floor(at / HEAD_SIZE) % length
                source[at] = mark(name, Math.floor(at / (HEAD_SIZE * length)), position)
              })
              for (const buffer of [0, 1]) cache.fill(first + i, buffer, source)
            })
          } else if (a.kind === 'step' && cache.rows.length > 0) {
            const positions = cache.rows.flatMap((row) =>
              Array.from({ length: KV_HEADS * HEAD_SIZE }, (_, i) =>
                mark(row.name, Math.floor(i / HEAD_SIZE), row.length),
              ),
            )
            cache.append([Float32Array.from(positions), Float32Array.from(positions)])
          } else if (a.kind === 'fork' && cache.rows.length > 0) {
            // The copies carry the marks of the row that they were forked from.
            const parent = cache.rows[a.at % cache.rows.length]
            cache.fork(
              a.at % cache.rows.length,
              Array.from({ length: a.times }, () => ({ ...parent })),
            )
          } else if (a.kind === 'remove' && cache.rows.length > 0) cache.remove(a.at % cache.rows.length)
          expectRowsIntact(cache)
          for (const row of cache.rows) expect(row.length).toBeLessThan(cache.columns)
        }
      }),
    )
  })
})
