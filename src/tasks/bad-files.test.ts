import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DataFileError } from '../errors.js'
import { openTask } from './task.js'
import type { SplitName, TaskOptions } from './types.js'

interface BadFile {
  file: string
  dataset: 'xlsum' | 'wmt19' | 'msmarco'
  defect: string
  expect:
    | { outcome: 'error'; reason: string; line: number | null; field: string | null }
    | { outcome: 'accept'; rows: number }
    | { outcome: 'warn'; rows: number; warning: { line: number; first_line: number; field: string; value: string } }
}

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
const manifest: { files: BadFile[] } = JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8'))
const TASKS = { xlsum: 'xlsum', wmt19: 'wmt19-zh-en', msmarco: 'msmarco' }
const SPLITS: readonly SplitName[] = ['train', 'validation', 'test']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-bad-'))
  const text = 'word '.repeat(2 ** 20)
  await writeFile(join(folder, 'huge-line.jsonl'), `${JSON.stringify({ id: 'bad-1', summary: 'One.', text })}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

/** All examples of a file. */
async function readAll(dataset: BadFile['dataset'], path: string, options: TaskOptions) {
  // Files for each split, so that every row is read whatever its share.
  const task = await openTask(`${TASKS[dataset]}:train=${path}`, options)
  return (await Promise.all(SPLITS.map((split) => task.examples(split)))).flat()
}

describe.each(manifest.files)('$file: $defect', ({ file, dataset, expect: wanted }) => {
  const path = () => join(file === 'huge-line.jsonl' ? folder : fixtures, file)
  const problems: DataFileError[] = []
  const onProblem = (problem: DataFileError) => problems.push(problem)

  if (wanted.outcome === 'error') {
    it('stops the reader of its data set, which names file, line and field', async () => {
      const error = await readAll(dataset, path(), {}).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(DataFileError)
      const { file: named, line, field, message } = error as DataFileError
      expect({ named, line, field }).toEqual({
        named: path(),
        line: wanted.line ?? undefined,
        field: wanted.field ?? undefined,
      })
      expect(message).toContain(path() + (wanted.line === null ? ':' : `:${wanted.line}:`))
      if (wanted.field !== null) expect(message).toContain(`field "${wanted.field}"`)
      expect(message).not.toMatch(/\p{Cc}|\ufffd/u)
    })

    it.runIf(wanted.line !== null)('is passed over and told when bad rows are skipped', async () => {
      problems.length = 0
      const good = await readAll(dataset, path(), { skipBadRows: true, onProblem })
      const rows = readFileSync(path(), 'latin1').trimEnd().split('\n').length
      expect(problems[0]).toMatchObject({ file: path(), line: wanted.line })
      expect(good.length + problems.length).toBe(rows)
    })
  } else {
    it(`gives ${wanted.rows} examples`, async () => {
      problems.length = 0
      const examples = await readAll(dataset, path(), { onProblem })
      expect(examples).toHaveLength(wanted.rows)
      expect(new Set(examples.map(({ id }) => id)).size).toBe(wanted.rows)
      expect(JSON.stringify(examples).slice(0, 5000)).not.toMatch(/\\r|\ufeff/)
      if (wanted.outcome === 'accept') expect(problems).toEqual([])
      else {
        const { line, first_line, field, value } = wanted.warning
        expect(problems).toHaveLength(1)
        expect(problems[0]).toMatchObject({ file: path(), line, field })
        expect(problems[0].message).toContain(`"${value}", which line ${first_line} has already`)
      }
    })
  }
})
