import { describe, expect, it } from 'vitest'
import { Tally } from './tally.js'
import { checksOf, type Findings } from './verdict.js'
import type { Reading } from './watched-server.js'

/** A reading every 10 seconds with the memory that is given, in MB. */
function readings(megabytes: readonly number[], delay = 20, ownDelay = delay): Reading[] {
  return megabytes.map((size, i) => {
    const [serverRss, loop] = [size * 1e6, { p99: 5, max: delay, work: ownDelay }]
    return { seconds: 10 * i, serverRss, serverHeap: 50e6, modelRss: 400e6, loop }
  })
}

const clean: Findings = { liveHeap: { first: 20e6, last: 21e6 }, openRequests: 0, restarts: 0, exit: 0 }

const failed = (given: Reading[], findings: Partial<Findings> = {}, tally = new Tally()) =>
  checksOf(given, { warmUp: 20, seconds: 80 }, tally, { ...clean, ...findings })
    .filter(({ holds }) => !holds)
    .map(({ name }) => name)

const flat = readings([200, 200, 200, 200])

describe('the verdict on a soak', () => {
  it('takes saw teeth for flat and a steady rise for a leak', () => {
    expect(failed(readings([0, 0, 200, 240, 200, 240, 200, 240, 200]))).toEqual([])
    const leak = ['resident memory of the HTTP process is flat']
    expect(failed(readings([0, 0, 200, 210, 220, 230, 240, 250, 260]))).toEqual(leak)
    expect(failed(flat, { liveHeap: { first: 20e6, last: 26e6 } })).toEqual(['what lives in its heap is flat'])
  })

  it('leaves out the warm-up and what comes after the load', () => {
    expect(failed(readings([50, 80, 200, 200, 200, 200]))).toEqual([])
    expect(failed(readings([200, 200, 200, 200, 200, 200, 200, 200, 200, 500, 500]))).toEqual([])
  })

  it('judges the model process where the system tells its memory', () => {
    const leaking = flat.map((reading, i) => ({ ...reading, modelRss: (400 + 100 * i) * 1e6 }))
    expect(failed(leaking)).toEqual(['resident memory of the model process is flat'])
    expect(failed(flat.map((reading) => ({ ...reading, modelRss: Number.NaN })))).toEqual([])
  })

  it('does not blame the server for time in which others had the processor', () => {
    expect(failed(readings([200, 200, 200, 200], 450, 30))).toEqual([])
    expect(failed(readings([200, 200, 200, 200], 450, 201))).toEqual(['event loop never blocked over 200 ms'])
  })

  it('names what does not hold', () => {
    const faulty = new Tally()
    faulty.fault('reader', 'another answer')
    expect(failed(flat, {}, faulty)).toEqual(['no answer lost or mixed'])
    expect(failed(flat, { openRequests: 1 })).toEqual(['every stream closed'])
    expect(failed(flat, { openRequests: Number.NaN })).toEqual(['every stream closed'])
    expect(failed(flat, { restarts: 2, exit: 'SIGKILL' })).toEqual(['the model process never died', 'clean end'])
  })
})
