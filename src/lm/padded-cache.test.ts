import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PaddedCache } from './padded-cache.js'
import type { CachedRow } from './row-cache.js'

const KV_HEADS = 2
const HEAD_SIZE = 3

interface NamedRow extends CachedRow {
  name: number
}

const mark = (name: number, head: number, position: number): number => name * 10_000 + head * 1000 + position

/** What the model would return: the cache with one more column. */
function stepped(cache: PaddedCache<NamedRow>): Float32Array[] {
  const { columns } = cache
  const past = cache.read(0)
  const present = new Float32Array(cache.rows.length * KV_HEADS * (columns + 1) * HEAD_SIZE)
  cache.rows.forEach((row, r) => {
    for (let h = 0; h < KV_HEADS; h++) {
      const from = (r * KV_HEADS + h) * columns * HEAD_SIZE
      const to = (r * KV_HEADS + h) * (columns + 1) * HEAD_SIZE
      present.set(past.subarray(from, from + columns * HEAD_SIZE), to)
      present.fill(mark(row.name, h, row.length), to + columns * HEAD_SIZE, to + (columns + 1) * HEAD_SIZE)
    }
  })
  return [present, present.slice()]
}

function expectRowsIntact(cache: PaddedCache<NamedRow>): void {
  const values = cache.read(0)
  cache.rows.forEach((row, r) => {
    for (let h = 0; h < KV_HEADS; h++) {
      const end = (r * KV_HEADS + h + 1) * cache.columns
      const found = [...values.subarray((end - row.length) * HEAD_SIZE, end * HEAD_SIZE)]
      expect(found).toEqual(found.map((_, i) => mark(row.name, h, Math.floor(i / HEAD_SIZE))))
      expect(found).toHaveLength(row.length * HEAD_SIZE)
    }
  })
}

describe('PaddedCache', () => {
  it('keeps every position with its row through any sequence of joins, steps, departures and trims', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), lengths: fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }) }),
      fc.record({ kind: fc.constant('step' as const) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(10) }),
      fc.record({ kind: fc.constant('trim' as const) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const cache = new PaddedCache<NamedRow>(2, KV_HEADS, HEAD_SIZE)
        let names = 1
        for (const a of actions) {
          if (a.kind === 'add') {
            const rows = a.lengths.map((length) => ({ name: names++, length }))
            const prefixes = rows.map(({ name, length }) => {
              const key = new Float32Array(KV_HEADS * length * HEAD_SIZE)
              key.forEach((_, at) => {
                key[at] = mark(name, Math.floor(at / (HEAD_SIZE * length)), Math.floor(at / HEAD_SIZE) % length)
              })
              return [{ key, value: key, kvHeads: KV_HEADS, headSize: HEAD_SIZE }]
            })
            cache.add(rows, prefixes)
          } else if (a.kind === 'step' && cache.rows.length > 0) cache.replace(stepped(cache))
          else if (a.kind === 'remove' && cache.rows.length > 0) cache.remove(a.at % cache.rows.length)
          else if (a.kind === 'trim') {
            cache.add([], [])
            expect(cache.unusedColumns).toBe(0)
          }
          expectRowsIntact(cache)
        }
      }),
    )
  })
})
