import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeWhole } from './write-whole.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-write-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('replaces the file, and leaves no draft', async () => {
  const path = join(folder, 'status.json')
  await writeWhole(path, { a: 1 })
  await writeWhole(path, { a: 2 })
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: 2 })
  expect(await readdir(folder)).toEqual(['status.json'])
})

it('leaves no draft where the file cannot be written, and tells why', async () => {
  await mkdir(join(folder, 'status.json', 'in the way'), { recursive: true })
  await expect(writeWhole(join(folder, 'status.json'), { a: 1 })).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
  expect(await readdir(folder)).toEqual(['status.json'])
})
