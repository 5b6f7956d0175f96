import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreSettingsError } from '../store/index.js'
import { inRun, isRun, readSettings, runPaths } from './folder.js'

let folder: string
let root: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-run-'))
  root = join(folder, 'runs', 'first')
})
afterEach(() => rm(folder, { recursive: true }))

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'))
const events = async () => {
  const lines = (await readFile(runPaths(root).events, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

describe('a run folder', () => {
  it('tells what was asked for, what with, and what happened', async () => {
    const result = await inRun(root, 'collect', { samples: 5 }, async (run) => {
      await run.event('collected', { prompts: 7 })
      return 'done'
    })
    expect(result).toBe('done')
    expect(await isRun(root)).toBe(true)
    expect(await json(runPaths(root).settings)).toEqual({ collect: { samples: 5 } })
    expect(await json(runPaths(root).versions)).toMatchObject({
      node: process.versions.node,
      'pure-rand': expect.any(String),
    })
    expect((await events()).map(({ event, command, prompts }) => ({ event, command, prompts }))).toEqual([
      { event: 'start', command: 'collect', prompts: undefined },
      { event: 'collected', command: undefined, prompts: 7 },
      { event: 'end', command: 'collect', prompts: undefined },
    ])
  })

  it('keeps the settings of every command that worked in it', async () => {
    await inRun(root, 'collect', { samples: 5 }, async () => {})
    await inRun(root, 'fit', { epochs: 9 }, async () => {})
    expect(await readSettings(runPaths(root).settings)).toEqual({ collect: { samples: 5 }, fit: { epochs: 9 } })
  })

  it('writes down a failure and throws it on', async () => {
    const work = async () => {
      throw new Error('no luck')
    }
    await expect(inRun(root, 'fit', {}, work)).rejects.toThrow('no luck')
    expect((await events()).at(-1)).toMatchObject({ event: 'failed', command: 'fit', message: 'no luck' })
  })

  it('tells a stop by the user from a failure', async () => {
    const work = async () => AbortSignal.abort().throwIfAborted()
    await expect(inRun(root, 'collect', {}, work)).rejects.toThrow()
    expect((await events()).at(-1)).toMatchObject({ event: 'stopped', command: 'collect' })
  })

  it('keeps the settings that its store was made with when others are refused', async () => {
    await inRun(root, 'collect', { samples: 5 }, async () => {})
    const refused = async () => {
      throw new StoreSettingsError('store.duckdb', 'samples', 5, 3)
    }
    await expect(inRun(root, 'collect', { samples: 3 }, refused)).rejects.toThrow('samples')
    expect(await readSettings(runPaths(root).settings)).toEqual({ collect: { samples: 5 } })
  })

  it('is not made among the files of something else', async () => {
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'package.json'), '{}')
    await expect(inRun(root, 'collect', {}, async () => {})).rejects.toThrow(
      `${root}: this folder holds package.json and no run`,
    )
    const file = join(root, 'package.json')
    await expect(inRun(file, 'collect', {}, async () => {})).rejects.toThrow('this is a file; choose another folder')
  })

  it('with a broken settings file is refused by name', async () => {
    await mkdir(root, { recursive: true })
    await writeFile(runPaths(root).settings, '[1')
    await expect(inRun(root, 'collect', {}, async () => {})).rejects.toThrow(
      'settings.json: this is not the settings file of a run',
    )
  })
})
