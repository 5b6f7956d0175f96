import { dirname } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryPaths } from '../store/testing/paths.js'
import { syntheticRun } from '../studies/testing/synthetic-run.js'
import { fitInRun } from './fit.js'
import { inRun, runPaths } from './folder.js'

// Fits are slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 240_000 })

const path = temporaryPaths()

/** Weights of the tuner of a run with so many test prompts in its store. */
async function fitBeside(testPrompts: number): Promise<string> {
  const root = dirname(await path('settings.json'))
  return inRun(root, 'fit', {}, async (run) => {
    await syntheticRun(runPaths(root).store, { tasks: 1, prompts: { train: 20, validation: 8, test: testPrompts } })
    const { metadata } = await fitInRun(run, { epochs: 10, members: 1, backend: 'wasm' })
    return metadata.weights.sha256
  })
}

it('a tuner is the same whether or not test prompts were collected for studies', async () => {
  expect(await fitBeside(12)).toBe(await fitBeside(0))
})
