import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resumeStore, type Store } from '../store/index.js'
import { temporaryPaths } from '../store/testing/paths.js'
import { examplePrompts, exampleResult, exampleSettings } from '../store/testing/run.js'
import { withFirstSamples } from './first-samples.js'

const path = temporaryPaths()

/** The first two samples of a cell are equal, the third has not a word of theirs. */
const TEXTS = ['the old cat sleeps here', 'the old cat sleeps here', 'no other word']

let store: Store
beforeAll(async () => {
  store = await resumeStore(await path('store.duckdb'), exampleSettings({ samples: 3, selfBleuGroup: 3 }), {})
  await store.plan(examplePrompts('answer', 2))
  for (const { promptId } of examplePrompts('answer', 2)) {
    const result = exampleResult(promptId)
    const rollouts = result.rollouts.map(({ samples: [sample], ...rollout }, cell) => ({
      ...{ ...rollout, quality: 20 + cell, selfBleu: 200 / 3 },
      samples: TEXTS.map((text, i) => ({ ...sample, text, quality: [10, 20, 30][i] + cell })),
    }))
    await store.writeRollouts({ ...result, rollouts })
  }
})
afterAll(() => store.close())

describe('scores of fewer samples', () => {
  it('are those of the first ones: mean quality, and Self-BLEU among them', async () => {
    const set = await store.surfaces()
    const told: number[] = []
    const fewer = await withFirstSamples(store, set, 2, { onProgress: (done) => told.push(done) })
    expect(fewer.samples).toBe(2)
    expect(fewer.surfaces.map(({ promptId }) => promptId)).toEqual(set.surfaces.map(({ promptId }) => promptId))
    for (const { quality, selfBleu } of fewer.surfaces) {
      expect([...quality]).toEqual([15, 16, 17, 18])
      for (const score of selfBleu) expect(score).toBeCloseTo(100, 4)
    }
    expect(told).toEqual([1, 2])
    expect(fewer.signatures.answer).toMatch(/^quality of answer & .*n:2/)
  })

  it('of all samples are those of the store', async () => {
    const set = await store.surfaces()
    const same = await withFirstSamples(store, set, 3)
    for (const [i, { quality, selfBleu }] of same.surfaces.entries()) {
      expect(quality).toEqual(set.surfaces[i].quality)
      for (const [cell, score] of selfBleu.entries()) expect(score).toBeCloseTo(set.surfaces[i].selfBleu[cell], 1)
    }
  })

  it('stop when they are told to', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'))
    await expect(withFirstSamples(store, await store.surfaces(), 2, { signal })).rejects.toThrow('Ctrl-C')
  })
})
