import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storeDigest } from './digest.js'
import { StoreContentError, StoreSettingsError } from './errors.js'
import { openStore, resumeStore } from './open.js'
import { temporaryPaths } from './testing/paths.js'
import { examplePrompts, exampleResult, exampleSettings } from './testing/run.js'

const path = temporaryPaths()
const environment = { 'edt-tuner': '0.1.0', device: 'cpu' }

async function newStore(changes = {}) {
  return resumeStore(await path('store.duckdb'), exampleSettings(changes), environment)
}

describe('a store', () => {
  it('gives back the surfaces of finished prompts, ordered by task, split and id', async () => {
    const store = await newStore()
    const prompts = [
      ...examplePrompts('translate', 2),
      ...examplePrompts('answer', 2, 'validation'),
      ...examplePrompts('answer', 3),
    ]
    await store.plan(prompts)
    for (const { promptId } of prompts.slice(0, 6)) await store.writeRollouts(exampleResult(promptId))
    const { surfaces, ...rest } = await store.surfaces()
    expect(rest).toEqual({
      grid: { t0: [0.5, 1], theta: [0, 2] },
      featureVersion: 1,
      featureNames: ['length', 'entropy'],
      signatures: { answer: 'quality of answer & n:2', translate: 'quality of translate & n:2' },
      samples: 2,
    })
    expect(surfaces.map((surface) => surface.promptId)).toEqual([
      'answer/train/id-0',
      'answer/train/id-1',
      'answer/validation/id-0',
      'answer/validation/id-1',
      'translate/train/id-0',
      'translate/train/id-1',
    ])
    for (const { promptId, features, quality, selfBleu } of surfaces) {
      const written = exampleResult(promptId)
      expect(features).toEqual(written.features?.values)
      expect(quality).toEqual(Float32Array.from(written.rollouts, (rollout) => rollout.quality))
      expect(selfBleu).toEqual(Float32Array.from(written.rollouts, (rollout) => rollout.selfBleu))
    }
    await store.close()
  })

  it('gives back the samples of the prompts asked for, by cell and in the order in which they were drawn', async () => {
    const store = await newStore()
    const [first, second, third] = examplePrompts('answer', 3).map(({ promptId }) => promptId)
    await store.plan(examplePrompts('answer', 3))
    for (const promptId of [third, first, second]) await store.writeRollouts(exampleResult(promptId))
    const samples = []
    for await (const prompt of store.samples(new Set([third, first, 'answer/train/unknown']))) samples.push(prompt)
    expect(samples).toEqual(
      [first, third].map((promptId) => ({
        promptId,
        cells: exampleResult(promptId).rollouts.map((rollout) => ({
          texts: rollout.samples.map(({ text }) => text),
          quality: rollout.samples.map(({ quality }) => quality),
        })),
      })),
    )
    await store.close()
  })

  it('gives surfaces of the tasks and splits asked for, and names a task that it does not have', async () => {
    const store = await newStore()
    const prompts = [...examplePrompts('answer', 2), ...examplePrompts('answer', 1, 'validation')]
    await store.plan(prompts)
    for (const { promptId } of prompts) await store.writeRollouts(exampleResult(promptId))
    const ids = async (filter: object) => (await store.surfaces(filter)).surfaces.map(({ promptId }) => promptId)
    expect(await ids({ splits: ['validation'] })).toEqual(['answer/validation/id-0'])
    expect(await ids({ tasks: ['translate'] })).toEqual([])
    expect(await ids({ tasks: [] })).toEqual([])
    await expect(store.surfaces({ tasks: ['anser'] })).rejects.toThrow(
      'tasks must be among the run\'s tasks (answer, translate), but is "anser".',
    )
    await store.close()
  })

  it('writes a prompt once, even when its result comes twice at the same moment', async () => {
    const store = await newStore()
    const [prompt] = examplePrompts('answer', 1)
    await store.plan([prompt])
    const result = exampleResult(prompt.promptId)
    expect(await Promise.all([store.writeRollouts(result), store.writeRollouts(result)])).toEqual([true, false])
    expect((await store.summary()).samples).toBe(8)
    await store.close()
  })

  it('grows by prompts of the same tasks and goes on where it stopped', async () => {
    const file = await path('store.duckdb')
    const first = await resumeStore(file, exampleSettings(), environment)
    await first.plan(examplePrompts('answer', 2))
    await first.writeRollouts(exampleResult('answer/train/id-1'))
    await first.close()
    const second = await resumeStore(file, exampleSettings(), environment)
    const plan = await second.plan(examplePrompts('answer', 4))
    expect(plan.pending.map(({ id }) => id)).toEqual(['id-0', 'id-2', 'id-3'])
    expect(plan.finished).toBe(1)
    expect([...second.finishedPrompts()]).toEqual(['answer/train/id-1'])
    await second.close()
  })

  it('keeps prompts that do not fit apart from finished ones', async () => {
    const store = await newStore()
    await store.plan(examplePrompts('answer', 3))
    await store.writeRollouts(exampleResult('answer/train/id-0'))
    await store.writeSkipped('answer/train/id-1', 900, '900 tokens and 8 new ones exceed 512')
    expect(await store.plan(examplePrompts('answer', 3))).toMatchObject({ finished: 1, skipped: 1 })
    expect(await store.summary()).toMatchObject({
      schemaVersion: 1,
      settings: exampleSettings(),
      sessions: [{ environment }],
      prompts: [{ task: 'answer', split: 'train', planned: 3, finished: 1, skipped: 1 }],
      skippedPrompts: ['answer/train/id-1'],
      samples: 8,
      tokens: 28,
      featureCount: 2,
    })
    expect((await store.surfaces()).surfaces).toHaveLength(1)
    await store.close()
  })

  it('returns any text as it was written', async () => {
    const texts = ['', '\0', 'a\0b', '"', '🦆', '\n\r\u2028', 'x'.repeat(10_000)]
    texts.push(...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 73, seed: 1 }))
    const store = await newStore()
    const prompts = examplePrompts('answer', texts.length).map((prompt, i) => ({
      ...prompt,
      prompt: texts[i],
      references: [texts[i]],
    }))
    await store.plan(prompts)
    for (const [i, { promptId }] of prompts.slice(0, texts.length / 8).entries()) {
      await store.writeRollouts(exampleResult(promptId, (cell, sample) => texts[8 * i + 2 * cell + sample]))
    }
    const rows = await store.database.rows<{ text: string }>(
      `SELECT samples.text FROM samples JOIN prompts USING (prompt)
       ORDER BY split_part(id, '-', 2)::INTEGER, cell, sample`,
    )
    expect(rows.map(({ text }) => text)).toEqual(texts)
    await store.close()
    // Planning again compares texts and references with the stored ones.
    const again = await resumeStore(store.path, exampleSettings(), environment)
    expect((await again.plan(prompts)).finished).toBe(texts.length / 8)
    await again.close()
  })
})

describe('a store refuses', () => {
  it('results that are not whole', async () => {
    const store = await newStore()
    await store.plan(examplePrompts('answer', 1))
    const whole = exampleResult('answer/train/id-0')
    const broken: [RegExp, object][] = [
      [/3 rollouts, but the grid has 4 cells/, { rollouts: whole.rollouts.slice(1) }],
      [
        /cell 0 has 1 samples, but the run has 2/,
        { rollouts: whole.rollouts.map((r) => ({ ...r, samples: r.samples.slice(1) })) },
      ],
      [
        /cell 0 holds a number that is not finite/,
        { rollouts: whole.rollouts.map((r) => ({ ...r, quality: Number.NaN })) },
      ],
      [/no features/, { features: undefined }],
      [/features have version 2, but the run's have 1/, { features: { ...whole.features, version: 2 } }],
      [
        /features must be 2 finite numbers/,
        { features: { ...whole.features, values: Float32Array.of(1, Number.NaN) } },
      ],
    ]
    for (const [message, change] of broken) {
      await expect(store.writeRollouts({ ...whole, ...change })).rejects.toThrow(message)
    }
    await expect(store.writeRollouts(exampleResult('answer/train/id-9'))).rejects.toThrow(StoreContentError)
    expect(store.finishedPrompts().size).toBe(0)
    expect(await store.writeRollouts(whole)).toBe(true)
    await store.close()
  })

  it('scores that were computed in another way, or features of other names', async () => {
    const store = await newStore()
    await store.plan(examplePrompts('answer', 2))
    await store.writeRollouts(exampleResult('answer/train/id-0'))
    const second = exampleResult('answer/train/id-1')
    await expect(store.writeRollouts({ ...second, selfBleuSignature: 'n:3' })).rejects.toThrow(
      /collected with signatures.answer.selfBleu "n:2", but "n:3" is asked for/,
    )
    const renamed = { ...second.features!, names: ['length', 'Entropy'] }
    await expect(store.writeRollouts({ ...second, features: renamed })).rejects.toThrow(StoreSettingsError)
    expect(await store.writeRollouts(second)).toBe(true)
    await store.close()
  })

  it('prompts that changed, are given twice, or belong to no task of the run', async () => {
    const store = await newStore()
    const [prompt] = examplePrompts('answer', 1)
    await store.plan([prompt])
    await expect(store.plan([{ ...prompt, prompt: 'new' }])).rejects.toThrow(/answer\/train\/id-0: its text changed/)
    await expect(store.plan([{ ...prompt, references: [] }])).rejects.toThrow(/its references changed/)
    const [, other] = examplePrompts('answer', 2)
    await expect(store.plan([other, other])).rejects.toThrow(/id-1: it is planned twice/)
    await expect(store.plan(examplePrompts('describe', 1))).rejects.toThrow(/the run has no task describe/)
    await store.close()
  })

  it('to resume a run with another setting, and names it', async () => {
    const file = await path('store.duckdb')
    await (await resumeStore(file, exampleSettings(), environment)).close()
    const { tasks, model } = exampleSettings()
    const changes: [string, object][] = [
      ['model.vocabularyHash "0123456789abcdef", but "f"', { model: { ...model, vocabularyHash: 'f' } }],
      ['model.dtype "fp32", but "q8"', { model: { ...model, dtype: 'q8' } }],
      ['tasks.names ["answer","translate"], but ["answer"]', { tasks: tasks.slice(0, 1) }],
      ['tasks.translate.maxNewTokens 8, but 9', { tasks: [tasks[0], { ...tasks[1], maxNewTokens: 9 }] }],
      ['grid.theta [0,2], but [0,3]', { grid: { t0: [0.5, 1], theta: [0, 3] }, seed: 8 }],
      ['samples 2, but 4', { samples: 4 }],
      ['seed 7, but 8', { seed: 8 }],
      ['truncation.topP 0.95, but 1', { truncation: { topP: 1 } }],
      ['samplers ["a","b","c","d"], but ["a","b","c","e"]', { samplers: ['a', 'b', 'c', 'e'] }],
    ]
    for (const [message, change] of changes) {
      await expect(resumeStore(file, exampleSettings(change), environment)).rejects.toThrow(
        `the run was collected with ${message} is asked for; resume with the stored value or choose a new path.`,
      )
    }
    await (await resumeStore(file, exampleSettings(), environment)).close()
  })
})

describe('the digest of a store', () => {
  it('is the same whatever the order of writing and the number of sessions, and changes with any value', async () => {
    const prompts = examplePrompts('answer', 3)
    const collect = async (order: number[], sessions: number, text?: () => string) => {
      const file = await path('store.duckdb')
      for (let session = 0; session < sessions; session++) {
        const store = await resumeStore(file, exampleSettings(), { ...environment, node: `${session}` })
        await store.plan(session === 0 ? prompts.slice(0, 2) : prompts)
        const mine = order.filter((_, i) => i % sessions === session)
        if (session === sessions - 1) await store.plan(prompts)
        for (const i of mine) await store.writeRollouts(exampleResult(prompts[i].promptId, text))
        if (session === sessions - 1) {
          const digest = await storeDigest(store)
          await store.close()
          return digest
        }
        await store.close()
      }
      return undefined
    }
    const undisturbed = await collect([0, 1, 2], 1)
    expect(undisturbed).toMatch(/^[0-9a-f]{64}$/)
    expect(await collect([1, 2, 0], 2)).toBe(undisturbed)
    expect(await collect([0, 1, 2], 1, () => 'x')).not.toBe(undisturbed)
  })
})

describe('opening', () => {
  it('leaves nothing but the store behind', async () => {
    const store = await newStore()
    await store.close()
    expect(await readdir(dirname(store.path))).toEqual(['store.duckdb'])
  })

  it('read-only works while another reader has it open', async () => {
    const store = await newStore()
    await store.plan(examplePrompts('answer', 1))
    await store.close()
    const reader = await openStore(store.path, { readOnly: true })
    expect((await reader.summary()).prompts).toHaveLength(1)
    await reader.close()
  })
})
