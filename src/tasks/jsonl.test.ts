import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DataFileError } from '../errors.js'
import { readJsonl } from './jsonl.js'

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
const HUGE_LINE = 'huge-line.jsonl'

type DatasetName = 'xlsum' | 'wmt19' | 'msmarco'
interface BadFile {
  file: string
  dataset: DatasetName
  sha256: string
  defect: string
  expect:
    | { outcome: 'error'; reason: string; line: number | null; field: string | null }
    | { outcome: 'accept'; rows: number }
    | { outcome: 'warn'; rows: number; warning: { line: number; first_line: number; field: string; value: string } }
}
const manifest: { files: BadFile[] } = JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8'))

const texts = z.array(z.string())
const schemas: Record<DatasetName, z.ZodType> = {
  xlsum: z.strictObject({
    id: z.string(),
    summary: z.string(),
    text: z.string(),
    url: z.string().optional(),
    title: z.string().optional(),
  }),
  wmt19: z.strictObject({ translation: z.strictObject({ en: z.string(), zh: z.string() }) }),
  msmarco: z.strictObject({
    answers: texts,
    passages: z.strictObject({ is_selected: z.array(z.number()), passage_text: texts, url: texts }),
    query: z.string(),
    query_id: z.int(),
    query_type: z.string(),
    wellFormedAnswers: texts,
  }),
}

/** How each defect is to be told. */
const messages: Record<string, string> = {
  'truncated-line.jsonl':
    ':2: expected a complete JSON object, but it is not JSON (Unterminated string): "{\\"id\\": \\"bad-2\\", \\"summary\\": \\"Summary numb".',
  'wrong-key.jsonl': ':3: field "translation.zh": is missing; expected string, but the object has only en, cn.',
  'wrong-type.jsonl': ':2: field "answers": expected array, but found "Answer 2.".',
  'empty.jsonl': ': the file has no rows; expected one JSON object a line.',
  'binary.jsonl':
    ':1: expected UTF-8 text, but byte 2 of the line (0x8b) is none; save the file as UTF-8, and unpack it first if it is compressed.',
  'invalid-utf8.jsonl':
    ':2: expected UTF-8 text, but byte 53 of the line (0xe7) is none; save the file as UTF-8, and unpack it first if it is compressed.',
  'null-reference.jsonl': ':2: field "translation.en": expected string, but found null.',
  'number-for-string.jsonl': ':2: field "text": expected string, but found 12345.',
  'duplicate-ids.jsonl': ':3: field "id": expected a value of its own, but found "bad-1", which line 1 has already.',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edt-jsonl-'))
  writeFileSync(join(folder, HUGE_LINE), hugeLine())
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The 5 MiB file of the manifest, which is not worth committing. */
function hugeLine(): string {
  const row = (text: string) => `{"id": "bad-1", "summary": "Summary number 1.", "text": "${text}"}\n`
  const size = 5 * 2 ** 20 - row('').length
  return row('word '.repeat(Math.ceil(size / 5)).slice(0, size))
}

function pathOf(name: string): string {
  return join(name === HUGE_LINE ? folder : fixtures, name)
}

describe.each(manifest.files)('$file: $defect', ({ file, dataset, sha256, expect: wanted }) => {
  const path = () => pathOf(file)
  const options = dataset === 'xlsum' ? { unique: 'id' } : {}

  it('is the file of the manifest, byte for byte', () => {
    expect(createHash('sha256').update(readFileSync(path())).digest('hex')).toBe(sha256)
  })

  if (wanted.outcome === 'error') {
    it('stops with one message that says where, what was found and what was expected', async () => {
      const error = await errorOf(rows(path(), schemas[dataset], options))
      expect(error).toMatchObject({ file: path(), line: wanted.line ?? undefined, field: wanted.field ?? undefined })
      expect(error.message).toBe(path() + messages[file])
      expect(error.message).not.toMatch(/\p{Cc}|\ufffd/u)
    })
  } else if (wanted.outcome === 'accept') {
    it(`is read, ${wanted.rows} rows`, async () => {
      const start = performance.now()
      const read = await rows(path(), schemas[dataset], options)
      expect(performance.now() - start).toBeLessThan(2000)
      expect(read).toHaveLength(wanted.rows)
      expect(JSON.stringify(read.slice(0, 9))).not.toMatch(/\\r|\ufeff/)
    })
  } else {
    it('stops at the repeated value', async () => {
      const error = await errorOf(rows(path(), schemas[dataset], options))
      expect(error).toMatchObject({ line: wanted.warning.line, field: wanted.warning.field })
      expect(error.message).toBe(path() + messages[file])
    })

    it('keeps all rows and hands over the same message once when asked to warn', async () => {
      const warnings: DataFileError[] = []
      const onDuplicate = (warning: DataFileError) => warnings.push(warning)
      expect(await rows(path(), schemas[dataset], { ...options, onDuplicate })).toHaveLength(wanted.rows)
      expect(warnings.map((warning) => warning.message)).toEqual([path() + messages[file]])
    })
  }
})

describe('readJsonl', () => {
  it('counts blank lines', async () => {
    expect((await rows(pathOf('crlf.jsonl'), schemas.xlsum)).map(({ line }) => line)).toEqual([1, 2, 4])
  })

  it('gives back any rows that were written, whatever their texts and line ends', async () => {
    const file = join(folder, 'any.jsonl')
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n', '\n\n'), fc.boolean(), async (written, end, mark) => {
        const lines = written.map((text) => JSON.stringify({ text }))
        writeFileSync(file, (mark ? '\ufeff' : '') + lines.join(end))
        const read = await rows(file, z.object({ text: z.string() }))
        expect(read.map(({ value }) => (value as { text: string }).text)).toEqual(written)
      }),
    )
  })

  it('puts characters together that fall across two chunks of the file', async () => {
    const file = join(folder, 'chunks.jsonl')
    const text = '字'.repeat(100_000)
    for (const shift of ['', 'x', 'xx']) {
      writeFileSync(file, JSON.stringify(shift + text))
      expect((await rows(file, z.string()))[0].value).toBe(shift + text)
    }
  })

  it('reads bytes that its caller has instead of the file, and still names the file in errors', async () => {
    const input = async function* () {
      yield Buffer.from('"on')
      yield Buffer.from('e"\n2\n')
    }
    const { value } = (await readJsonl('standard input', z.string(), { input: input() }).next()).value ?? {}
    expect(value).toBe('one')
    const error = await errorOf(rows('standard input', z.string(), { input: input() }))
    expect(error.message).toBe('standard input:2: expected string, but found 2.')
  })

  it('reads no further than its caller wants', async () => {
    for await (const { value } of readJsonl(pathOf('truncated-line.jsonl'), schemas.xlsum)) {
      expect(value).toMatchObject({ id: 'bad-1' })
      return
    }
    expect.unreachable('there is a first row')
  })

  it('stops at a line beyond the limit instead of filling the memory', async () => {
    const error = await errorOf(rows(pathOf(HUGE_LINE), schemas.xlsum, { maxLineBytes: 2 ** 20 }))
    expect(error).toMatchObject({ line: 1 })
    expect(error.message).toMatch(/longer than 1048576 bytes; expected one JSON object a line/)
  })

  it('points at the invalid byte, not at a replacement character that the file holds itself', async () => {
    const file = join(folder, 'replacement.jsonl')
    writeFileSync(file, Buffer.concat([Buffer.from('"\ufffd'), Buffer.from([0xff]), Buffer.from('"\n')]))
    expect((await errorOf(rows(file, z.string()))).message).toMatch(/byte 5 of the line \(0xff\)/)
  })

  it('says that a file is missing or is a folder', async () => {
    const missing = join(folder, 'none.jsonl')
    expect((await errorOf(rows(missing, z.string()))).message).toBe(
      `${missing}: the file does not exist; check the path.`,
    )
    expect((await errorOf(rows(folder, z.string()))).message).toBe(`${folder}: expected a file, but this is a folder.`)
  })

  it.each([
    ['[1]', 'expected object, but found [1].'],
    ['{"a": "x", "b": 1, "c": true}', 'field "c": is not a known field; correct its name or remove it.'],
    ['{"a": null, "b": 1}', 'field "a": expected string or array, but found null.'],
    ['{"a": [1, "x"], "b": 1}', 'field "a[1]": expected number, but found "x".'],
    ['{"a": "x", "b": 0}', 'field "b": expected number to be >=1, but found 0.'],
    ['{"a": "x", "b": 1} {}', ':1: expected a complete JSON object'],
    ['\u0000\u0001', String.raw`it is not JSON (Unexpected token '\u0000'): "\u0000\u0001".`],
  ])('says what is wrong with %j', async (line, message) => {
    const file = join(folder, 'row.jsonl')
    writeFileSync(file, line)
    const schema = z.strictObject({ a: z.union([z.string(), z.array(z.number())]), b: z.int().min(1) })
    expect((await errorOf(rows(file, schema))).message).toContain(message)
  })
})

async function rows(...args: Parameters<typeof readJsonl>) {
  const read = []
  for await (const row of readJsonl(...args)) read.push(row)
  return read
}

async function errorOf(promise: Promise<unknown>): Promise<DataFileError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DataFileError)
  return error as DataFileError
}
