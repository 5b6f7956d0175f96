import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { NotAStoreError, StoreCorruptError, StoreLockedError, StoreMissingError, StoreVersionError } from './errors.js'
import { openStore, resumeStore } from './open.js'
import { temporaryPaths } from './testing/paths.js'
import { examplePrompts, exampleResult, exampleSettings } from './testing/run.js'

const path = temporaryPaths()

/** A closed store with so much text that it has several blocks. */
let closed: string
beforeAll(async () => {
  closed = await path('store.duckdb')
  const store = await resumeStore(closed, exampleSettings(), {})
  const prompts = examplePrompts('answer', 40)
  await store.plan(prompts)
  const noise = (cell: number, sample: number) =>
    Array.from({ length: 2000 }, (_, i) => ((i * 7919 + cell * 104_729 + sample * 1299) % 99_991).toString(36)).join(
      ' ',
    )
  for (const { promptId } of prompts) await store.writeRollouts(exampleResult(promptId, noise))
  await store.close()
})

async function database(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

async function copy(): Promise<string> {
  const file = await path('store.duckdb')
  await copyFile(closed, file)
  return file
}

describe('opening a store says what is wrong and what to do', () => {
  it('when nothing is there', async () => {
    const file = await path('none.duckdb')
    await expect(openStore(file)).rejects.toThrow(StoreMissingError)
    await expect(openStore(file)).rejects.toThrow(`${file}: there is no store; make one with \`edt collect\``)
  })

  it('when it is a folder, an empty file, a text file or a picture', async () => {
    const [folder, empty, text, tiny] = await Promise.all(['a', 'b', 'c', 'd'].map(path))
    await mkdir(folder)
    await writeFile(empty, '')
    await writeFile(text, 'prompt,quality\n'.repeat(2000))
    await writeFile(tiny, 'DUCK')
    for (const [file, found] of [
      [folder, 'a folder'],
      [empty, 'an empty file'],
      [text, 'another kind of file'],
      [tiny, 'another kind of file'],
    ]) {
      const message = `${file}: this is ${found}, not a store of edt-tuner; give the path of a store.duckdb or choose a new path.`
      await expect(openStore(file)).rejects.toThrow(message)
      await expect(resumeStore(file, exampleSettings(), {})).rejects.toThrow(NotAStoreError)
    }
  })

  it('when it is a DuckDB database of something else', async () => {
    const file = await path('sales.duckdb')
    await database(file, 'CREATE TABLE sales (price DOUBLE)')
    await expect(openStore(file)).rejects.toThrow(/a DuckDB database with other tables, not a store of edt-tuner/)
  })

  it('when it has another schema version', async () => {
    const file = await copy()
    await database(file, 'UPDATE edt_store SET schema_version = 99')
    await expect(openStore(file)).rejects.toThrow(StoreVersionError)
    await expect(openStore(file)).rejects.toThrow(
      'the store has schema version 99, but this edt-tuner reads 1; use the edt-tuner that wrote it, or collect again.',
    )
  })

  it('when it was cut off, anywhere', async () => {
    const { size } = await stat(closed)
    expect(size).toBeGreaterThan(1_000_000)
    for (const share of [0.001, 0.3, 0.6, 0.9]) {
      const file = await copy()
      await truncate(file, Math.floor(size * share))
      const error = await openStore(file).catch((error) => error)
      expect(error, `cut at ${share}`).toBeInstanceOf(StoreCorruptError)
      expect(error.message).toMatch(
        /the store is damaged \(.+\); restore it from a copy, or delete it and collect again\.$/,
      )
    }
  })

  it('when bytes of its header or of a block are wrong', async () => {
    const bytes = await readFile(closed)
    const damaged = async (offset: number) => {
      const file = await path('store.duckdb')
      const copy = Buffer.from(bytes)
      copy.fill(0xa5, offset, offset + 512)
      await writeFile(file, copy)
      return file
    }
    await expect(openStore(await damaged(4096 + 8))).rejects.toThrow(StoreCorruptError)
    await expect(openStore(await damaged(Math.floor(bytes.length / 2)))).rejects.toThrow(StoreCorruptError)
  })

  it('when a setting cannot be read', async () => {
    const file = await copy()
    await database(file, `UPDATE settings SET value = '"many"' WHERE name = 'samples'`)
    await expect(openStore(file)).rejects.toThrow(/damaged \(setting samples: .*number.*\)/)
  })

  it('when this process or another one has it open', async () => {
    const file = await copy()
    const store = await openStore(file)
    await expect(openStore(file)).rejects.toThrow(`${file}: the store is in use by this process`)
    await store.close()
    const other = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { DuckDBInstance } from '${import.meta.resolve('@duckdb/node-api')}'
       const instance = await DuckDBInstance.create(${JSON.stringify(file)})
       console.log('open'); setInterval(() => instance, 1000)`,
    ])
    try {
      await once(other.stdout, 'data')
      const error = await openStore(file, { readOnly: true }).catch((error) => error)
      expect(error).toBeInstanceOf(StoreLockedError)
      expect(error.message).toMatch(
        new RegExp(`the store is in use by process ${other.pid} .*; wait until that has ended`),
      )
    } finally {
      other.kill('SIGKILL')
      await once(other, 'exit')
    }
    await (await openStore(file)).close()
  })
})
