import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataFileError } from '../errors.js'
import { openTask } from './task.js'
import type { SplitName, TaskOptions } from './types.js'

const SPLITS: readonly SplitName[] = ['train', 'validation', 'test']
const rows = Array.from({ length: 40 }, (_, i) => ({
  id: `${i}`,
  text: `Article ${i}, with a "quote", a comma\nand a second line. It goes on.`,
  summary: `Summary ${i}.`,
}))

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-data-'))
  await writeFile(at('a.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
  await writeFile(at('lines.json'), rows.map((row) => JSON.stringify(row)).join('\n'))
  await writeFile(at('array.json'), JSON.stringify(rows, null, 1))
  await writeFile(at('document.json'), JSON.stringify({ version: 1, data: rows }))
  await writeFile(
    at('part-1.jsonl'),
    rows
      .slice(0, 25)
      .map((row) => JSON.stringify(row))
      .join('\r\n'),
  )
  await writeFile(
    at('part-2.jsonl'),
    rows
      .slice(25)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  )
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const read = `FROM read_json('${at('a.jsonl')}', columns = {id: 'VARCHAR', text: 'VARCHAR', summary: 'VARCHAR'})`
  await connection.run(`COPY (${read}) TO '${at('a.parquet')}'; COPY (${read}) TO '${at('a.csv')}' (HEADER)`)
  await connection.run(`COPY (${read}) TO '${at('a.tsv')}' (HEADER, DELIMITER '\t')`)
  connection.closeSync()
  instance.closeSync()
})
afterAll(() => rm(folder, { recursive: true }))

async function readSplits(spec: string, options?: TaskOptions) {
  const task = await openTask(spec, options)
  return Promise.all(SPLITS.map((split) => task.examples(split)))
}

describe('a data set', () => {
  it.each(['lines.json', 'array.json', 'document.json', 'a.parquet', 'a.csv', 'a.tsv', 'part-*.jsonl'])(
    'gives the same examples from %s as from JSONL',
    async (name) => {
      const expected = await readSplits(`xlsum:${at('a.jsonl')}`)
      expect(await readSplits(`xlsum:${at(name)}`)).toEqual(expected)
      expect(expected.flat()).toHaveLength(40)
    },
  )

  it('shares rows out by their document, whatever their order and the other rows', async () => {
    const task = await openTask(`xlsum:${at('part-2.jsonl')},${at('part-1.jsonl')}`)
    const first = (await readSplits(`xlsum:${at('a.jsonl')}`)).map((examples) => examples.map(({ id }) => id))
    for (const [i, split] of SPLITS.entries()) {
      expect((await task.examples(split)).map(({ id }) => id).sort()).toEqual(first[i].toSorted())
    }
    expect(task.definition.splits).toBe('by document 60/15/25')
  })

  it('takes other shares, and files for each split as they are', async () => {
    const shared = await readSplits(`xlsum:${at('a.jsonl')}`, { splitShares: [0, 0, 1] })
    expect(shared.map((examples) => examples.length)).toEqual([0, 0, 40])
    const task = await openTask(`xlsum:train=${at('part-1.jsonl')},test=${at('part-2.jsonl')}`)
    const lengths = await Promise.all(SPLITS.map(async (split) => (await task.examples(split)).length))
    expect(lengths).toEqual([25, 0, 15])
    expect(SPLITS.map((split) => task.hasSplit(split))).toEqual([true, false, true])
    expect(task.definition.splits).toBeUndefined()
  })

  it('builds plain prompts or chat prompts, and cuts sources before it does', async () => {
    const [plain] = (await readSplits(`xlsum:train=${at('a.jsonl')}`))[0]
    expect(plain.prompt).toBe(`Article: ${rows[0].text}\n\nSummary of the article in one sentence:`)
    expect(plain.promptWithoutSource).toBe('Article: \n\nSummary of the article in one sentence:')
    const task = await openTask(`xlsum:train=${at('a.jsonl')}`, {
      chat: true,
      maxSourceChars: 60,
      maxNewTokens: 9,
      stop: [],
    })
    expect(task.definition).toMatchObject({ chat: true, maxSourceChars: 60, maxNewTokens: 9, stop: [] })
    const [chat] = await task.examples('train', 1)
    const cut = 'Article 0, with a "quote", a comma\nand a second line.'
    expect(chat.prompt).toBe(`Summarize the following article in one sentence.\n\n${cut}`)
  })

  it('fills a template of one’s own with what a row has, and evaluates nothing', async () => {
    const template = '$' + '{prompt} {text} {a.b} {1} <%= id %>: {prompt}'
    const options = { promptField: 'id', referenceField: 'summary', template, metric: 'bleu' as const }
    const task = await openTask(`generic:train=${at('a.csv')}`, options)
    expect(task.definition).toMatchObject({ name: 'a', metric: 'bleu', maxNewTokens: 128, stop: [] })
    const [, second] = await task.examples('train')
    expect(second.prompt).toBe(`$1 ${rows[1].text} {a.b} {1} <%= id %>: 1`)
    expect(second.references).toEqual(['Summary 1.'])
  })

  it('reads no further than its limit', async () => {
    await writeFile(at('late.jsonl'), `${JSON.stringify(rows[0])}\n{"bad": true}\n`)
    const task = await openTask(`xlsum:train=${at('late.jsonl')}`)
    expect(await task.examples('train', 1)).toHaveLength(1)
    await expect(task.examples('train', 2)).rejects.toThrow(`${at('late.jsonl')}:2: field "id": is missing`)
    await expect(task.examples('train', 0)).rejects.toThrow('limit must be a whole number of at least 1')
  })

  it('passes over bad rows when asked to, telling each', async () => {
    const bad = ['{"id": "x"', '{"id": 1, "text": "t", "summary": "s"}', '{"id": "ok", "text": "t", "summary": "s"}']
    await writeFile(at('bad.jsonl'), Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from(bad.join('\n'))]))
    const problems: DataFileError[] = []
    const options = { skipBadRows: true, onProblem: (problem: DataFileError) => problems.push(problem) }
    expect((await readSplits(`xlsum:train=${at('bad.jsonl')}`, options)).flat().map(({ id }) => id)).toEqual(['ok'])
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'id'],
    ])
  })

  it('gives rows without an id one of their text, and leaves out a row that comes again', async () => {
    const lines = ['a', 'b', 'a'].map((text) => JSON.stringify({ translation: { en: text, zh: '字' } }))
    await writeFile(at('w.jsonl'), lines.join('\n'))
    const [examples] = await readSplits(`wmt19-zh-en:train=${at('w.jsonl')}`)
    expect(examples.map(({ references }) => references)).toEqual([['a'], ['b']])
    const [again] = await readSplits(`wmt19-zh-en:train=${at('w.jsonl')}`)
    expect(again.map(({ id }) => id)).toEqual(examples.map(({ id }) => id))
  })

  it('takes an empty id, as tables have it, for none', async () => {
    await writeFile(at('empty-ids.csv'), 'id,text,summary\n,A,a\n,B,b\n')
    const [examples] = await readSplits(`xlsum:train=${at('empty-ids.csv')}`)
    expect(new Set(examples.map(({ id }) => id.length))).toEqual(new Set([16]))
  })

  it('gives every part of a row an id of its own, however often the row repeats one', async () => {
    const turn = { id: 'q', question: 'Why?', answers: [{ text: 'So.' }] }
    const paragraph = { context: 'So it was.', qas: [turn, turn, turn, { ...turn, id: 'q~1' }, turn] }
    await writeFile(at('repeats.jsonl'), JSON.stringify({ title: 'T', paragraphs: [paragraph] }))
    const [examples] = await readSplits(`quac:train=${at('repeats.jsonl')}`)
    expect(examples.map(({ id }) => id)).toEqual(['q', 'q~1', 'q~1.2', 'q~1~1.3', 'q~1.4'])
  })

  it('names the row of a repeated id in another file', async () => {
    const problems: DataFileError[] = []
    const task = await openTask(`xlsum:train=${at('part-1.jsonl')},train=${at('a.parquet')}`, {
      onProblem: (problem) => problems.push(problem),
    })
    const examples = await task.examples('train')
    expect(new Set(examples.map(({ id }) => id)).size).toBe(65)
    expect(problems).toHaveLength(25)
    expect(problems[0].message).toBe(
      `${at('a.parquet')}, row 1: field "id": expected a value of its own, but found "0", which row 1 of ${at('part-1.jsonl')} has already.`,
    )
  })

  it.each([
    ['none.parquet', undefined, 'the file does not exist; check the path.'],
    ['none.json', undefined, 'the file does not exist; check the path.'],
    ['none-*.jsonl', undefined, 'no file has a name like that; check the pattern.'],
    ['a.txt', 'x', 'expected a file whose name ends with .jsonl, .ndjson, .json, .parquet, .csv, .tsv'],
    ['bad.parquet', 'not Parquet', 'the file cannot be read to its end ('],
    ['empty.csv', 'id,text,summary\n', 'the file has no rows; expected at least one.'],
    ['quote.csv', 'id,text,summary\n1,a,"b\n', 'quote.csv:2: Value with unterminated quote found; correct the line.'],
    ['latin1.csv', Buffer.from('id,text,summary\n1,a,\xe9\n', 'latin1'), 'This file is not utf-8 encoded'],
    ['wide.csv', 'id,text,summary\n1,a,b\n2,a,b,c\n', 'wide.csv:3: Expected Number of Columns: 3 Found: 4'],
    [
      'cut.json',
      '[{"id": "1", "text": "t", "summary": "s"}, {"id": ',
      'the file cannot be read to its end (Malformed JSON',
    ],
    [
      'object.json',
      '{\n"rows": []}',
      'expected an array of rows, an object with the array "data", or one JSON object a line',
    ],
    [
      'type.json',
      '[{"id": "1", "text": 5, "summary": "s"}]',
      'type.json, row 1: field "text": expected string, but found 5.',
    ],
  ])('says in one sentence what is wrong with %s', async (name, content, message) => {
    if (content !== undefined) await writeFile(at(name), content)
    const error = await readSplits(`xlsum:${at(name)}`).catch((reason: Error) => reason)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('\n')
  })

  it('takes the names of CSV columns as they stand in the first line, after a byte order mark, in quotes or not', async () => {
    await writeFile(at('names.csv'), '\ufeff"the ""q"", asked",a b,\r\nWhy?,So.,\r\n"",So.,x\r\n')
    const task = await openTask(`generic:train=${at('names.csv')}`, {
      promptField: 'the "q", asked',
      referenceField: 'a b',
    })
    expect(await task.examples('train')).toMatchObject([{ prompt: 'Why?', references: ['So.'] }])
  })

  it('reads JSONL and JSON from an address, and says what the server answered', async () => {
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/a.jsonl')) response.end(rows.map((row) => JSON.stringify(row)).join('\n'))
      else if (request.url === '/a.json') response.end(JSON.stringify(rows))
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const expected = await readSplits(`xlsum:${at('a.jsonl')}`)
      expect(await readSplits(`xlsum:${host}/a.jsonl?download=true`)).toEqual(expected)
      expect(await readSplits(`xlsum:${host}/a.json`)).toEqual(expected)
      await expect(readSplits(`xlsum:${host}/b.jsonl`)).rejects.toThrow(`${host}/b.jsonl: the server answered 404`)
    } finally {
      server.close()
    }
  })

  it.each([
    ['xlsum', {}, 'the task xlsum must be given with its files, xlsum:FILE'],
    ['generic:a.csv', {}, 'referenceField must be the name of the field with the reference answer'],
    ['xlsum:a.jsonl', { splitShares: [1, 2] }, 'splitShares must be three weights'],
    ['xlsum:a.jsonl', { maxSourceChars: 0 }, 'maxSourceChars must be a whole number of at least 1'],
    [
      'xsum:a.jsonl',
      {},
      'or a data set with its file, xlsum:FILE (xlsum, msmarco, quac, wmt19-zh-en, wmt19-en-zh, generic)',
    ],
  ])('refuses %s with %j', async (spec, options, message) => {
    await expect(readSplits(spec, options)).rejects.toThrow(message)
  })
})
