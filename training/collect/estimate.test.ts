import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTask } from '../../src/tasks/index.js'
import { type CollectOptions, collect } from './collect.js'
import type { CostEstimate } from './estimate.js'
import { planCost } from './plan-cost.js'
import { testRun } from './testing/run.js'

let folder: string
let options: CollectOptions
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-cost-'))
  const tasks = await Promise.all(testRun.tasks.map((name) => openTask(name)))
  const limits = { train: 12, validation: 2 }
  options = { ...testRun, tasks, limits, workers: 0, storePath: join(folder, 'run', 'store.duckdb') }
})
afterAll(() => rm(folder, { recursive: true }))

describe('what a run will cost', () => {
  it('is measured on a few of its own prompts before anything is written', async () => {
    const cost = await planCost(options)
    expect(cost).toMatchObject({ total: 28, left: 28, cells: 4, samplesPerCell: 2, samples: 224 })
    expect(cost.rate).toMatchObject({ source: 'probe' })
    expect(cost.seconds).toBeCloseTo(224 / cost.rate!.samplesPerSecond)
    expect(cost.bytes).toBeGreaterThan(0)
    expect(await readdir(folder)).toEqual([])
  })

  it('is told by the run itself, which draws no prompt twice for it', async () => {
    const estimates: CostEstimate[] = []
    const done: number[] = []
    const { finished, collected } = await collect({
      ...options,
      onEstimate: (estimate) => void estimates.push(estimate),
      onProgress: (progress) => void done.push(progress.done),
    })
    expect([finished, collected]).toEqual([28, 28])
    expect(done).toEqual(Array.from({ length: 29 }, (_, i) => i))
    expect(estimates).toMatchObject([{ left: 28, rate: { source: 'probe' } }])
  })

  it('is taken from an earlier session where one is known, and from the store that it made', async () => {
    const grown = { ...options, limits: { train: 22, validation: 2 } }
    const cost = await planCost(grown, { samplesPerSecond: 4, prompts: 28 })
    expect(cost).toMatchObject({ total: 48, left: 20, samples: 160, seconds: 40, rate: { source: 'earlier session' } })
    await expect(planCost({ ...grown, samples: 3 })).rejects.toThrow(
      'the run was collected with samples 2, but 3 is asked',
    )
    expect(await planCost(options)).toMatchObject({ left: 0, seconds: 0, bytes: 0 })
  })
})
