import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LengthCounter } from './lengths.js'
import { summarizeTask } from './summary.js'
import { openTask } from './task.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-summary-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('summarizeTask', () => {
  it('counts rows, splits, cuts, what is left out and what is bad, and shows three prompts', async () => {
    const file = join(folder, 'a.jsonl')
    const good = Array.from({ length: 30 }, (_, i) => ({
      id: `${i}`,
      text: `Text ${i}. More of it.`,
      summary: 'One two.',
    }))
    const lines = [...good, { ...good[0], text: 'Another.' }, { id: 'e', text: '', summary: 's' }, { id: 'bad' }]
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'))
    const task = await openTask(`xlsum:${file}`, { skipBadRows: true, maxSourceChars: 10, chat: true })
    let progress = 0
    const summary = await summarizeTask(task, {
      encode: (prompt) => ({ text: `<user>${prompt}`, tokenIds: [...prompt].map((_, i) => i) }),
      contextLength: 120,
      onProgress: (rows) => (progress = rows),
    })
    expect(summary).toMatchObject({
      rows: 32,
      examples: 31,
      cut: 30,
      leftOut: { 'empty article': 1 },
      bad: { count: 1, first: [{ file, line: 33, field: 'text' }] },
      repeatedIds: { count: 1, first: [{ file, line: 31, field: 'id' }] },
      tooLong: 0,
      lengths: {
        source: { characters: { min: 7, max: 8 }, words: { mean: 61 / 31, min: 1, max: 2 } },
        reference: { characters: { mean: 8, median: 8 }, words: { p95: 2 } },
      },
    })
    expect(progress).toBe(32)
    expect(Object.values(summary.splits).reduce((sum, number) => sum + number)).toBe(31)
    const prompt = 'Summarize the following article in one sentence.\n\n'
    expect(summary.lengths.prompt?.tokens?.max).toBe(prompt.length + 8)
    expect(summary.shown).toHaveLength(3)
    for (const shown of summary.shown) {
      expect(shown.split).toBe('train')
      expect(shown.prompt).toContain(`<user>${prompt}Text`)
      expect(shown.references).toEqual(['One two.'])
    }
  })

  it('stops at the first bad row unless they are skipped', async () => {
    const file = join(folder, 'b.jsonl')
    await writeFile(file, '{"id": "1"}\n')
    await expect(summarizeTask(await openTask(`xlsum:${file}`))).rejects.toThrow(`${file}:1: field "text": is missing`)
  })

  it('counts the examples of a task folder', async () => {
    const summary = await summarizeTask(await openTask('answer'))
    expect(summary).toMatchObject({ rows: 950, examples: 950, splits: { train: 500, validation: 150, test: 300 } })
    expect(summary.lengths.source).toBeUndefined()
  })
})

describe('LengthCounter', () => {
  it('knows the quantiles', () => {
    const counter = new LengthCounter()
    expect(counter.summary()).toBeUndefined()
    for (let length = 100; length >= 1; length--) counter.add(length)
    expect(counter.summary()).toEqual({ mean: 50.5, min: 1, median: 50, p95: 95, max: 100 })
  })
})
