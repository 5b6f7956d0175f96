import { describe, expect, it } from 'vitest'
import { runCampaign } from './harness/campaign.js'
import { targets } from './targets/index.js'

const QUICK_RUNS = 200

// `npm run test:fuzz` tries 10,000 and more on each, with a seed of its own; here the seed is fixed, so that a change breaks the same tests for everybody.
describe('bad input is used rightly or refused with one clear sentence', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const result = await runCampaign(target, { runs: target.quickRuns ?? QUICK_RUNS, seed: 7, deadlineMs: 20_000 })
    expect(result.failure).toBeUndefined()
    expect(result.inputs).toBe((target.quickRuns ?? QUICK_RUNS) + result.corpus)
  })
})
