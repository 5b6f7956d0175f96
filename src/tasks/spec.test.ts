import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSpec } from './spec.js'

const names = ['xlsum', 'generic']

describe('parseSpec', () => {
  it.each([
    ['xlsum', { dataset: 'xlsum' }],
    ['xlsum:a.jsonl', { dataset: 'xlsum', files: { shared: ['a.jsonl'] } }],
    ['xlsum:a.jsonl, b/*.parquet', { dataset: 'xlsum', files: { shared: ['a.jsonl', 'b/*.parquet'] } }],
    ['xlsum:https://host/a.parquet', { dataset: 'xlsum', files: { shared: ['https://host/a.parquet'] } }],
    ['xlsum:train=a,train=b,test=c', { dataset: 'xlsum', files: { bySplit: { train: ['a', 'b'], test: ['c'] } } }],
    ['answer', undefined],
    ['C:\\data\\task', undefined],
    ['./xlsum', undefined],
  ])('reads %j', (text, spec) => {
    expect(parseSpec(text, names)).toEqual(spec)
  })

  it.each(['xlsum:', 'xlsum:a,,b', 'xlsum:train=a,b', 'xlsum:dev=a'])('refuses %j', (text) => {
    expect(() => parseSpec(text, names)).toThrow('a task from files must be NAME:FILE')
  })

  it('takes a comma in the name of a file that is there for a part of it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edt-spec-'))
    const file = join(folder, 'a,b.jsonl')
    writeFileSync(file, '')
    expect(parseSpec(`xlsum:${file}`, names)).toEqual({ dataset: 'xlsum', files: { shared: [file] } })
    rmSync(folder, { recursive: true })
  })
})
