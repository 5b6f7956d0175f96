import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { summarizeTask } from './summary.js'
import { openTask } from './task.js'

const folder = process.env.EDT_DATA ?? join(packageRoot(), '..', 'shared', 'data')
const missing = !existsSync(join(folder, 'xlsum-en.jsonl'))
const note = missing
  ? ' (SKIPPED: set EDT_DATA to a folder with the samples xlsum-en.jsonl, msmarco-v1.1.jsonl, quac.json, wmt19-zh-en.jsonl)'
  : ''

// Counted by a script apart from this code: rows, rows without an answer, turns with CANNOTANSWER.
describe.skipIf(missing)(`samples of the public data sets${note}`, () => {
  it.each([
    ['xlsum', 'xlsum-en.jsonl', 225, 225, {}],
    ['msmarco', 'msmarco-v1.1.jsonl', 100, 97, { 'no answer': 3 }],
    ['quac', 'quac.json', 6, 39, { 'cannot be answered': 6 }],
    ['wmt19-zh-en', 'wmt19-zh-en.jsonl', 999, 999, {}],
    ['wmt19-en-zh', 'wmt19-zh-en.jsonl', 999, 999, {}],
  ])('%s: every row is an example or is counted', async (name, file, rows, examples, leftOut) => {
    const task = await openTask(`${name}:${join(folder, file)}`, { maxSourceChars: 500 })
    const summary = await summarizeTask(task)
    expect(summary).toMatchObject({ rows, examples, leftOut, bad: { count: 0 }, repeatedIds: { count: 0 } })
    expect(summary.lengths.source?.characters.max).toBeLessThanOrEqual(500)
    for (const count of Object.values(summary.splits)) expect(count).toBeGreaterThan(0)
  })
})
