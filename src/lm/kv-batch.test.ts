import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KvBatch, type KvRow } from './kv-batch.js'

const KV_HEADS = 2
const HEAD_SIZE = 3

interface NamedRow extends KvRow {
  name: number
}

/** A number that tells row, head and position apart; a step writes these, and they must stay with their row. */
const mark = (name: number, head: number, position: number): number => name * 10_000 + head * 1000 + position

/** Plays the model's part: copies the past and appends each row's new column. */
function step(batch: KvBatch<NamedRow>): void {
  const past = batch.past(0)
  const present = batch.present(0)
  const { columns } = batch
  batch.rows.forEach((row, r) => {
    for (let h = 0; h < KV_HEADS; h++) {
      const from = (r * KV_HEADS + h) * columns * HEAD_SIZE
      const to = (r * KV_HEADS + h) * (columns + 1) * HEAD_SIZE
      present.set(past.subarray(from, from + columns * HEAD_SIZE), to)
      present.fill(mark(row.name, h, row.length), to + columns * HEAD_SIZE, to + (columns + 1) * HEAD_SIZE)
    }
  })
  batch.advance()
}

function expectRowsIntact(batch: KvBatch<NamedRow>): void {
  const { columns } = batch
  batch.rows.forEach((row, r) => {
    for (let h = 0; h < KV_HEADS; h++) {
      const start = (r * KV_HEADS + h) * columns * HEAD_SIZE
      const found = Array.from(batch.past(0).subarray(start, start + columns * HEAD_SIZE))
      const expected = Array.from({ length: columns * HEAD_SIZE }, (_, i) => {
        const position = Math.floor(i / HEAD_SIZE) - (columns - row.length)
        return position < 0 ? 0 : mark(row.name, h, position)
      })
      expect(found.slice((columns - row.length) * HEAD_SIZE)).toEqual(
        expected.slice((columns - row.length) * HEAD_SIZE),
      )
    }
  })
}

describe('KvBatch', () => {
  it('keeps every cached position with its row through any sequence of joins, steps and departures', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), lengths: fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }) }),
      fc.record({ kind: fc.constant('step' as const) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(10) }),
      fc.record({ kind: fc.constant('trim' as const) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const batch = new KvBatch<NamedRow>(2, KV_HEADS, HEAD_SIZE)
        let names = 1
        for (const a of actions) {
          if (a.kind === 'add') {
            const rows = a.lengths.map((length) => ({ name: names++, length, position: length }))
            const prefixes = rows.map(({ name, length }) => {
              const key = new Float32Array(KV_HEADS * length * HEAD_SIZE)
              for (let h = 0; h < KV_HEADS; h++) {
                for (let p = 0; p < length; p++) {
                  key.fill(mark(name, h, p), (h * length + p) * HEAD_SIZE, (h * length + p + 1) * HEAD_SIZE)
                }
              }
              return [{ key, value: key, kvHeads: KV_HEADS, headSize: HEAD_SIZE }]
            })
            batch.add(rows, prefixes)
          } else if (a.kind === 'step' && batch.rows.length > 0) step(batch)
          else if (a.kind === 'remove' && batch.rows.length > 0) batch.remove(a.at % batch.rows.length)
          else if (a.kind === 'trim') batch.add([], [])
          expectRowsIntact(batch)
          if (a.kind === 'trim') expect(batch.unusedColumns).toBe(0)
        }
      }),
    )
  })
})
