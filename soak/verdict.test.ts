import { describe, expect, it } from 'vitest'
import { Tally } from './tally.js'
import { checksOf, growthOf } from './verdict.js'
import type { Reading } from './watched-server.js'

/** A reading every 10 seconds with the memory that is given, in MB. */
function readings(megabytes: readonly number[], loopDelayMax = 20): Reading[] {
  return megabytes.map((size, i) => {
    const bytes = size * 1e6
    return { seconds: 10 * i, serverRss: bytes, serverHeap: bytes, modelRss: bytes, loopDelayMax, loopDelayP99: 5 }
  })
}

const failed = (
  given: Reading[],
  tally = new Tally(),
  after = { openRequests: 0, restarts: 0, exit: 0 as number | string },
) =>
  checksOf(given, { warmUp: 20, seconds: 1000 }, tally, after)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name)

describe('the verdict on a soak', () => {
  it('takes saw teeth for flat and a steady rise for a leak', () => {
    expect(growthOf(readings([200, 240, 200, 240, 200, 240, 200, 240]), 'serverHeap').flat).toBe(true)
    expect(growthOf(readings([200, 210, 220, 230, 240, 250, 260, 270]), 'serverHeap').flat).toBe(false)
  })

  it('leaves out the warm-up and what comes after the load', () => {
    expect(failed(readings([50, 80, 200, 200, 200, 200]))).toEqual([])
    const after = readings([200, 200, 200, 200, 200, 500, 500, 500])
    expect(
      checksOf(after, { warmUp: 0, seconds: 40 }, new Tally(), { openRequests: 0, restarts: 0, exit: 0 }),
    ).toSatisfy((checks: { holds: boolean }[]) => checks.every(({ holds }) => holds))
  })

  it('names what does not hold', () => {
    const flat = readings([200, 200, 200, 200])
    expect(failed(readings([200, 200, 200, 200], 201))).toEqual(['event loop never blocked over 200 ms'])
    const faulty = new Tally()
    faulty.fault('reader', 'another answer')
    expect(failed(flat, faulty)).toEqual(['no answer lost or mixed'])
    expect(failed(flat, new Tally(), { openRequests: 1, restarts: 0, exit: 0 })).toEqual(['every stream closed'])
    expect(failed(flat, new Tally(), { openRequests: Number.NaN, restarts: 0, exit: 0 })).toEqual([
      'every stream closed',
    ])
    expect(failed(flat, new Tally(), { openRequests: 0, restarts: 2, exit: 'SIGKILL' })).toEqual([
      'the model process never died',
      'clean end',
    ])
  })
})
