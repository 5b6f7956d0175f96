import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadTuner, type Tuner } from '../../src/tuner/index.js'
import { fitTuner, saveTuner } from '../fit/index.js'
import { syntheticGrid, syntheticSurfaces } from '../fit/testing/synthetic.js'
import { exampleSettings } from '../store/testing/run.js'
import { taskTuners } from './task-tuners.js'

const { noisy: set } = syntheticSurfaces({ seed: 3, prompts: { train: 12, validation: 6 }, tasks: 2 })
const names = [...new Set(set.surfaces.map(({ task }) => task))]
const [task] = exampleSettings().tasks
const gridOfRun = { t0: [...syntheticGrid.t0], theta: [...syntheticGrid.theta] }
const run = exampleSettings({ grid: gridOfRun, tasks: names.map((name) => ({ ...task, name })) })

let folder: string
let tuner: Tuner
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-task-tuners-'))
  const path = join(folder, 'universal')
  const fit = await fitTuner(set, { epochs: 5, members: 1, backend: 'cpu' })
  await saveTuner({ path, name: 'universal', run, set, fit, seed: 0 })
  fit.network.dispose()
  tuner = await loadTuner(path)
})
afterAll(() => rm(folder, { recursive: true }))

it('fits a tuner on one task alone, keeps it, and does not fit it again', { timeout: 120_000 }, async () => {
  const own = join(folder, 'tuners')
  const open = taskTuners({ tuner, set, run, folder: own })
  const first = await open(names[1])
  expect(first.name).toBe(`universal-${names[1]}`)
  expect(Object.keys(first.references)).toEqual([names[1]])
  expect(first.metadata.tasks).toEqual([names[1]])
  expect(first.metadata.features.groups).toEqual(tuner.metadata.features.groups)
  const { mtimeMs } = await stat(join(own, names[1], 'tuner.json'))
  expect((await open(names[1])).signature).toBe(first.signature)
  expect((await stat(join(own, names[1], 'tuner.json'))).mtimeMs).toBe(mtimeMs)
})
