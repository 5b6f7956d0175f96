import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { InvalidOptionError } from '../../src/errors.js'
import { temporaryPaths } from '../store/testing/paths.js'
import { StudyDataError } from './errors.js'
import { runStudies, STUDY_IDS, type StudiesOptions, type StudiesProgress } from './studies.js'
import { syntheticRun } from './testing/synthetic-run.js'
import type { StudiesResult } from './types.js'

// Fits are slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const path = temporaryPaths()
let storePath: string
beforeAll(async () => {
  storePath = await path('store.duckdb')
  await syntheticRun(storePath)
})

/** Small fits in a folder of their own. */
async function study(changes: Partial<StudiesOptions> = {}): Promise<StudiesResult> {
  const outDir = changes.outDir ?? (await path('studies'))
  const small = { fits: 1, members: 1, epochs: 30, resamples: 400, backend: 'wasm' as const }
  return runStudies({ run: 'first', storePath, outDir, ...small, ...changes })
}

const labels = ({ studies }: StudiesResult) =>
  Object.fromEntries(
    studies.map(({ id, rows }) => [id, rows.map(({ label, task }) => (task ? `${task}: ${label}` : label))]),
  )

describe('studies of a run', () => {
  let all: StudiesResult
  let outDir: string
  const told: StudiesProgress[] = []
  beforeAll(async () => {
    outDir = await path('studies')
    all = await study({ outDir, onProgress: (progress) => told.push(progress) })
  })

  it('answer every question with rows that differ in one thing', () => {
    expect(Object.keys(labels(all))).toEqual(STUDY_IDS)
    expect(labels(all)).toMatchObject({
      axes: ['T0 and θ', 'T0 alone', 'θ alone', 'temperature'],
      features: [
        ...['all groups', 'without prompt', 'without text', 'without prefill'],
        ...['prompt alone', 'text alone', 'prefill alone'],
      ],
      'training-prompts': ['32', '64', 'all 80'],
      samples: ['2', '3'],
      grid: ['2 × 2', '3 × 3'],
      'unseen-task': ['', 'answer: ', 'describe: '].flatMap((task) => [
        `${task}task seen in training`,
        `${task}task left out`,
      ]),
    })
    expect(all.leftOut).toEqual([])
    expect(all.settings).toMatchObject({
      prompts: { train: { answer: 40, describe: 40 }, validation: { answer: 16 }, test: { answer: 24, describe: 24 } },
      fit: { balance: 0.5, members: 1, epochs: 30, backend: 'wasm' },
    })
  })

  it('give each row its numbers, and its difference to the reference row on the same prompts', () => {
    for (const { rows, reference } of all.studies) {
      for (const row of rows) {
        const own = rows.find(({ label, task }) => label === reference && task === row.task)
        expect(row.eda.interval[0]).toBeLessThanOrEqual(row.eda.value)
        expect(row.eda.interval[1]).toBeGreaterThanOrEqual(row.eda.value)
        expect(row.prompts).toBe(row.task === undefined ? 48 : 24)
        expect(row.versusBestFixed.difference).toBeCloseTo(row.eda.value - row.bestFixed.value, 6)
        if (row === own) expect(row).not.toHaveProperty('versusReference')
        else expect(row.versusReference?.difference).toBeCloseTo(row.eda.value - own!.eda.value, 6)
      }
    }
  })

  it('see what was put into the run: only prompt and text features tell', () => {
    const rows = Object.fromEntries(all.studies[1].rows.map((row) => [row.label, row]))
    expect(rows['all groups'].versusBestFixed.difference).toBeLessThan(-0.3)
    expect(rows['prefill alone'].eda.value).toBeGreaterThan(rows['all groups'].eda.value + 0.3)
    expect(rows['without prefill'].eda.value).toBeLessThan(rows['prefill alone'].eda.value)
  })

  it('count the prompts that a row learned from', () => {
    const study = (id: string) => all.studies.find((each) => each.id === id)!.rows
    expect(study('training-prompts').map(({ trainPrompts, x }) => [trainPrompts, x])).toEqual([
      [32, 32],
      [64, 64],
      [80, 80],
    ])
    expect(study('training-prompts')[0].edaOfFits).toHaveLength(3)
    expect(study('tasks').map(({ trainPrompts }) => trainPrompts)).toEqual([80, 40, 80, 40, 80, 40])
  })

  it('share the fits that they have in common, and tell how far they are', async () => {
    const fits = await readdir(join(outDir, 'fits'))
    expect(told.at(-1)).toMatchObject({ done: fits.length, total: fits.length })
    expect(told.filter(({ fit }) => fit !== undefined).length).toBeGreaterThan(fits.length)
    expect(told.some(({ rescored }) => rescored?.total === 112)).toBe(true)
    expect(fits.length).toBe(3 + 1 + 6 + 2 * 3 + 1 + 1 + 2)
  })

  it('are found in one file, and are the same when they come from the journal', async () => {
    const stored = JSON.parse(await readFile(join(outDir, 'studies.json'), 'utf8'))
    expect(stored).toEqual(all)
    const again: StudiesProgress[] = []
    expect(await study({ outDir, onProgress: (progress) => again.push(progress) })).toEqual(all)
    expect(again.every(({ done, total }) => done === total)).toBe(true)
  })
})

describe('a study', () => {
  it('that was stopped goes on after the last finished fit, with the same result', async () => {
    const outDir = await path('studies')
    const controller = new AbortController()
    const stopped = study({
      ...{ outDir, studies: ['axes'], signal: controller.signal },
      onProgress: ({ done, fit }) => done === 2 && fit !== undefined && controller.abort(new Error('Ctrl-C')),
    })
    await expect(stopped).rejects.toThrow('Ctrl-C')
    const told: StudiesProgress[] = []
    const result = await study({ outDir, studies: ['axes'], onProgress: (progress) => told.push(progress) })
    expect(told[0]).toMatchObject({ done: 2, total: 4 })
    expect((await study({ studies: ['axes'] })).studies).toEqual(result.studies)
  })

  it('joins the earlier ones of the same settings, and takes the place of those of others', async () => {
    const outDir = await path('studies')
    await study({ outDir, studies: ['grid'] })
    expect(Object.keys(labels(await study({ outDir, studies: ['axes'] })))).toEqual(['axes', 'grid'])
    const other = await study({ outDir, studies: ['axes'], resamples: 500 })
    expect(Object.keys(labels(other))).toEqual(['axes'])
  })

  it('makes a damaged fit again', async () => {
    const outDir = await path('studies')
    const first = await study({ outDir, studies: ['grid'] })
    const [file] = await readdir(join(outDir, 'fits'))
    await writeFile(join(outDir, 'fits', file), '{"predictions": [')
    expect(await study({ outDir, studies: ['grid'] })).toEqual(first)
  })

  it('averages fits with seeds of their own', async () => {
    const { studies } = await study({ studies: ['grid'], fits: 2 })
    const [{ eda, edaOfFits }] = studies[0].rows
    expect(edaOfFits).toHaveLength(2)
    expect(edaOfFits[0]).not.toBe(edaOfFits[1])
    expect(eda.value).toBeCloseTo((edaOfFits[0] + edaOfFits[1]) / 2, 9)
  })

  it('learns from no more prompts than it may', async () => {
    const { settings, studies } = await study({ studies: ['grid'], prompts: 40 })
    expect(settings.prompts).toMatchObject({ train: { answer: 20, describe: 20 }, validation: { answer: 8 } })
    expect(studies[0].rows[0].trainPrompts).toBe(40)
  })

  it('of one task leaves out what takes several, and says so; one that was asked for by name fails', async () => {
    const result = await study({ tasks: ['answer'], studies: undefined, prompts: 32 })
    expect(result.leftOut.map(({ id }) => id)).toEqual(['training-prompts', 'tasks', 'unseen-task'])
    expect(result.leftOut[1].reason).toBe('the run has one task')
    await expect(study({ tasks: ['answer'], studies: ['tasks'] })).rejects.toThrow(
      'the study "tasks" cannot be made: the run has one task.',
    )
  })

  it('needs test prompts on the whole grid, and says how to get them', async () => {
    const bare = await path('store.duckdb')
    await syntheticRun(bare, { prompts: { train: 4, validation: 2, test: 0 } })
    const error = await study({ storePath: bare }).catch((reason) => reason)
    expect(error).toBeInstanceOf(StudyDataError)
    expect(error.message).toContain(
      'the task answer has 0 of them; collect some with `edt collect --study-prompts 100`',
    )
    await expect(readdir(dirname(bare))).resolves.not.toContain('studies')
  })

  it('that does not exist is refused by name', async () => {
    await expect(study({ studies: ['axis'] })).rejects.toThrow(InvalidOptionError)
    await expect(study({ studies: ['axis'] })).rejects.toThrow('study must be one of axes, features')
  })
})
