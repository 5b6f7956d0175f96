import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Admission } from './admission.js'

const never = new AbortController().signal

describe('admission', () => {
  it('never lets in more rows than there is room for, lets all in that fit, in the order in which they came', async () => {
    const requests = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 8 }), leaves: fc.boolean() }), {
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(requests, fc.infiniteStream(fc.nat()), async (all, order) => {
        const admission = new Admission({ maxRows: 8, maxQueue: 100 })
        const running: { i: number; rows: number; end(): void }[] = []
        const entered: number[] = []
        const done = all.map(({ rows, leaves }, i) => {
          const controller = new AbortController()
          const work = admission.run(rows, controller.signal, () => {
            entered.push(i)
            return new Promise<void>((end) => running.push({ i, rows, end }))
          })
          // Who waits may leave; who is in stays, for its work to end.
          if (leaves) controller.abort('left')
          return work.catch((reason) => reason)
        })
        await settled()
        while (running.length > 0) {
          const held = running.reduce((sum, { rows }) => sum + rows, 0)
          expect(held).toBeLessThanOrEqual(8)
          expect(admission.rows).toBe(held)
          running.splice(order.next().value % running.length, 1)[0].end()
          await settled()
        }
        await Promise.all(done)
        expect(entered).toEqual([...entered].sort((a, b) => a - b))
        for (const [i, { leaves }] of all.entries()) if (!leaves) expect(entered).toContain(i)
        expect([admission.rows, admission.queued]).toEqual([0, 0])
      }),
      { numRuns: 100 },
    )
  })

  it('gives the room back when the work fails', async () => {
    const admission = new Admission({ maxRows: 1, maxQueue: 0 })
    await expect(admission.run(1, never, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await admission.run(1, never, async () => 'next')).toBe('next')
  })

  it('sends away who would wait behind too many, and who could never be let in', async () => {
    const admission = new Admission({ maxRows: 2, maxQueue: 1 })
    const ends: (() => void)[] = []
    const hold = () => new Promise<void>((end) => ends.push(end))
    const held = [admission.run(2, never, hold), admission.run(1, never, hold)]
    await expect(admission.run(1, never, hold)).rejects.toMatchObject({ status: 429, detail: { code: 'queue_full' } })
    await expect(admission.run(3, never, hold)).rejects.toMatchObject({ status: 400 })
    ends[0]()
    await settled()
    ends[1]()
    await Promise.all(held)
  })
})

/** Lets everything happen that needs no time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
