import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journal } from './journal.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-journal-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the journal of an ablation', () => {
  it.each(['0', '"features2"', '{}'])('names the line whose record is of the unknown kind %s', async (kind) => {
    await writeFile(join(folder, 'rollouts.jsonl'), `{"kind":${kind},"prompt":"a","job":"b"}\n`)
    const path = join(folder, 'rollouts.jsonl')
    await expect(Journal.open(folder, {})).rejects.toThrow(
      `${path}:1: field "kind": expected a known value, but found ${kind}.`,
    )
  })
})
