import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runFault } from './harness/campaign.js'
import { type Reference, undisturbedRun } from './harness/reference.js'
import { faults } from './kinds/index.js'

// Whole runs, each several times, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Rounds of the kinds that a normal test run has time for; `npm run test:faults` does all of them, 50 times. */
const ROUNDS: Record<string, number> = {
  'kill-collector': 2,
  'disk-full': 1,
  'clock-jumps': 1,
  'queue-kill-worker': 1,
  'queue-kill-redis': 1,
  'damaged-store': 3,
  'damaged-checkpoint': 5,
}

let folder: string
let reference: Reference
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-faults-'))
  reference = await undisturbedRun(join(folder, 'undisturbed'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a fault costs nothing that was collected and is told in one clear sentence', () => {
  const quick = faults.filter(({ name }) => ROUNDS[name] !== undefined)
  it.for(quick.map((fault) => [fault.about, fault] as const))('%s', async ([, fault], { skip }) => {
    const result = await runFault(fault, { rounds: ROUNDS[fault.name], seed: 7, folder, reference })
    skip(result.skipped !== undefined, result.skipped)
    expect(result.failures).toEqual([])
    expect(Object.values(result.outcomes).reduce((sum, count) => sum + count, 0)).toBe(result.faults)
  })
})
