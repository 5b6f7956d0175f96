import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Example, SplitName, Task } from '../../src/tasks/index.js'
import { openStore, StoreSettingsError, storeDigest } from '../store/index.js'
import { type CollectOptions, collect } from './collect.js'
import type { CollectProgress } from './progress.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-collect-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Twelve train, four validation and five test prompts in memory; the third train prompt is too long for the model. */
function task(name: string): Task {
  const example = (split: SplitName, i: number): Example => ({
    id: `${i}`,
    prompt: split === 'train' && i === 2 ? Array(70).fill('cat').join(' ') : `${name} ${split} the old cat ${i}`,
    promptWithoutSource: name,
    references: ['the red dog runs', 'the cat sleeps'].slice(i % 2),
  })
  const counts = { train: 12, validation: 4, test: 5 }
  return {
    definition: { name, description: '', template: '', metric: 'rougeL', tokenize: '13a', maxNewTokens: 6, stop: [] },
    path: folder,
    hasSplit: () => true,
    examples: async (split, limit = counts[split]) =>
      Array.from({ length: Math.min(limit, counts[split]) }, (_, i) => example(split, i)),
  }
}

function options(name: string, changes: Partial<CollectOptions> = {}): CollectOptions {
  return {
    model: 'markov',
    workerEntry: new URL('./testing/markov-worker.ts', import.meta.url),
    workers: 1,
    tasks: [task('answer'), task('describe')],
    limits: { train: 4, validation: 2 },
    grid: { t0: [0.5, 1.5], theta: [0, 2] },
    samples: 3,
    storePath: join(folder, name, 'store.duckdb'),
    ...changes,
  }
}

async function inspect(storePath: string) {
  const store = await openStore(storePath, { readOnly: true })
  try {
    return { digest: await storeDigest(store), surfaces: await store.surfaces(), summary: await store.summary() }
  } finally {
    await store.close()
  }
}

describe('collecting a run', () => {
  it('fills the store with every prompt, tells progress, and keeps the ids of prompts that do not fit', async () => {
    const told: CollectProgress[] = []
    const result = await collect(options('whole', { onProgress: (progress) => told.push(progress) }))
    expect(result).toMatchObject({ total: 12, finished: 10, collected: 10, samples: 10 * 4 * 3 })
    expect(result.skipped.sort()).toEqual(['answer/train/2', 'describe/train/2'])
    expect(told.map(({ done }) => done)).toEqual(Array.from({ length: 13 }, (_, done) => done))
    expect(told[0]).toMatchObject({ total: 12, samplesPerSecond: 0, secondsLeft: undefined })
    expect(told[12]).toMatchObject({ skipped: 2, secondsLeft: 0 })
    expect(told[12].tokensPerSecond).toBeGreaterThan(0)
    const { surfaces, summary } = await inspect(result.storePath)
    expect(surfaces.surfaces).toHaveLength(10)
    expect(surfaces.surfaces[0]).toMatchObject({ promptId: 'answer/train/0', task: 'answer', split: 'train' })
    expect(surfaces.samples).toBe(3)
    expect(summary).toMatchObject({ samples: 120, tokens: result.tokens, settings: { seed: 0, selfBleuGroup: 3 } })
    expect(summary.prompts).toContainEqual({ task: 'answer', split: 'train', planned: 4, finished: 3, skipped: 1 })
    expect(result.profile.score).toBeGreaterThan(0)
    expect(summary.sessions[0].environment).toMatchObject({ device: 'cpu', contextLength: '64' })
  })

  it('stopped by a signal and gone on with other workers, has the contents of an undisturbed run', async () => {
    const controller = new AbortController()
    const stopped = collect(
      options('stopped', {
        signal: controller.signal,
        onProgress: ({ done }) => done === 4 && controller.abort(new Error('Ctrl-C')),
      }),
    )
    await expect(stopped).rejects.toThrow('Ctrl-C')
    const { storePath, collected } = await collect(options('stopped', { workers: 2 }))
    expect(collected).toBeLessThanOrEqual(8)
    expect((await inspect(storePath)).digest).toBe((await inspect(join(folder, 'whole', 'store.duckdb'))).digest)
    const nothingLeft = await collect(options('stopped'))
    expect(nothingLeft).toMatchObject({ total: 12, finished: 10, collected: 0, samples: 0 })
    expect(nothingLeft.skipped).toHaveLength(2)
  })

  it('may be given more prompts later: the store is that of a run that had them from the start', async () => {
    await collect(options('grown', { limits: { train: 1, validation: 0 } }))
    expect((await collect(options('grown'))).collected).toBe(8)
    const whole = await inspect(join(folder, 'whole', 'store.duckdb'))
    expect((await inspect(join(folder, 'grown', 'store.duckdb'))).digest).toBe(whole.digest)
  })

  it('leaves test prompts out unless it is asked for them, and adds them to a finished run', async () => {
    const plannedTests = async (storePath: string) =>
      (await inspect(storePath)).summary.prompts.filter(({ split }) => split === 'test')
    const { storePath } = await collect(options('tested'))
    expect(await plannedTests(storePath)).toEqual([])
    const limits = { train: 4, validation: 2, test: 3 }
    expect(await collect(options('tested', { limits }))).toMatchObject({ total: 18, finished: 16, collected: 6 })
    expect(await plannedTests(storePath)).toEqual(
      ['answer', 'describe'].map((task) => ({ task, split: 'test', planned: 3, finished: 3, skipped: 0 })),
    )
    const tests = (await inspect(storePath)).surfaces.surfaces.filter(({ split }) => split === 'test')
    expect(tests.map(({ promptId }) => promptId)).toContain('describe/test/2')
    const atOnce = await collect(options('tested-at-once', { limits, workers: 2 }))
    expect((await inspect(atOnce.storePath)).digest).toBe((await inspect(storePath)).digest)
    const withoutTests = await collect(options('tested'))
    expect(withoutTests).toMatchObject({ total: 12, finished: 10, collected: 0 })
  })

  it('refuses to go on with other settings, naming the first that differs', async () => {
    const other = collect(options('grown', { samples: 4, seed: 5 }))
    await expect(other).rejects.toThrow(/collected with samples 3, but 4 is asked for; resume with the stored value/)
    await expect(collect(options('grown', { tasks: [task('answer')] }))).rejects.toThrow(StoreSettingsError)
  })

  it('refuses options that cannot be', async () => {
    const refused = (changes: Partial<CollectOptions>, message: RegExp) =>
      expect(collect(options('refused', changes))).rejects.toThrow(message)
    await refused({ grid: { t0: [1, 0.5], theta: [0] } }, /grid\.t0 must be an ascending list of numbers > 0/)
    await refused({ grid: { t0: [1], theta: [-1, 0] } }, /grid\.theta must be an ascending list of numbers ≥ 0/)
    await refused({ samples: 1 }, /samples must be a whole number ≥ 2, but is 1\. Self-BLEU compares/)
    await refused({ selfBleuGroup: 4 }, /selfBleuGroup must be a whole number from 2 to samples \(3\), but is 4/)
    await refused({ seed: 0.5 }, /seed must be a whole number/)
    await refused({ tasks: [task('a'), task('a')] }, /tasks must be tasks of different names/)
    await refused({ limits: { train: 0, validation: 0 } }, /tasks must be tasks with at least one prompt/)
    await refused({ truncation: { topP: 2 } }, /must be/)
  })
})
