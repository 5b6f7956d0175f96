import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choice, decimals, type Flags, flagName, integer, oneOrAny, settingName, text, texts, toggle } from './flags.js'
import { readConfig, recordedSettings, resolveSettings } from './settings.js'

const flags = {
  samples: integer('Samples', { min: 2, default: 5 }),
  maxNewTokens: integer('Tokens', { min: 1 }),
  gridT0: decimals('Grid', { above: 0, default: [0.5, 1] }),
  task: texts('Task', { default: ['all'] }),
  smooth: choice('Smoothing', ['exp', 'floor'], { default: 'exp' }),
  out: text('Folder', { alias: 'o', recorded: false }),
  trace: toggle('Trace'),
} satisfies Flags

const file = (values: Record<string, unknown>) => ({ path: 'edt.json', values })

describe('settings', () => {
  it('take flags before the config file before the defaults', () => {
    const settings = resolveSettings(flags, { samples: 7 }, file({ samples: 6, maxNewTokens: 12 }))
    expect(settings).toEqual({
      samples: 7,
      maxNewTokens: 12,
      gridT0: [0.5, 1],
      task: ['all'],
      smooth: 'exp',
      out: undefined,
      trace: false,
    })
  })

  it('take one text or several, and numbers with commas or as an array', () => {
    expect(resolveSettings(flags, { task: 'answer' }).task).toEqual(['answer'])
    expect(resolveSettings(flags, { task: ['answer', 'describe'] }).task).toEqual(['answer', 'describe'])
    expect(resolveSettings(flags, { 'grid-t0': '0.2,1.5' }).gridT0).toEqual([0.2, 1.5])
    expect(resolveSettings(flags, {}, file({ gridT0: [0.2, 1.5] })).gridT0).toEqual([0.2, 1.5])
  })

  it('take a word or a number where both are allowed', () => {
    const balance = { balance: oneOrAny('Balance', [0.05, 0.95], { default: 'any' }) }
    expect(resolveSettings(balance, {}).balance).toBe('any')
    expect(resolveSettings(balance, { balance: '0.5' }).balance).toBe(0.5)
    expect(resolveSettings(balance, {}, file({ balance: 0.5 })).balance).toBe(0.5)
    for (const wrong of ['', 'all', '0']) {
      expect(() => resolveSettings(balance, { balance: wrong })).toThrow(
        `--balance must be any or a number from 0.05 to 0.95, but is "${wrong}".`,
      )
    }
  })

  it('let a flag switch off what the config file switched on', () => {
    expect(resolveSettings(flags, { trace: false }, file({ trace: true })).trace).toBe(false)
  })

  it.each([
    [{ samples: 'many' }, '--samples must be a whole number of at least 2, but is "many".'],
    [{ samples: 1 }, '--samples must be a whole number of at least 2, but is 1.'],
    [{ samples: [3, 4] }, '--samples is given 2 times; give it once.'],
    [{ 'grid-t0': '0.5,,1' }, '--grid-t0 must be numbers above 0 separated by commas, but is "0.5,,1".'],
    [{ smooth: 'flor' }, '--smooth must be one of exp, floor, but is "flor".'],
    [{ 'max-new-token': 5 }, 'There is no flag "--max-new-token". Did you mean "--max-new-tokens"?'],
    [{ maxNewTokens: 5 }, 'There is no flag "--maxNewTokens". Did you mean "--max-new-tokens"?'],
    [{ x: true }, 'There is no flag "-x".'],
  ])('refuse %j in words that say what is wrong', (given, message) => {
    expect(() => resolveSettings(flags, given)).toThrow(message)
  })

  it.each([
    [{ sampels: 5 }, 'edt.json: there is no setting "sampels". Did you mean "samples"?'],
    [{ speed: 5 }, 'edt.json: there is no setting "speed". Settings: samples, maxNewTokens'],
    [{ samples: '5' }, 'edt.json: "samples" must be a whole number of at least 2, but is "5".'],
    [{ trace: 'yes' }, 'edt.json: "trace" must be true or false, but is "yes".'],
    [{ task: [] }, 'edt.json: "task" must be text, but is [].'],
  ])('refuse %j in a config file', (values, message) => {
    expect(() => resolveSettings(flags, {}, file(values))).toThrow(message)
  })

  it('are recorded without those that only change what is shown', () => {
    const settings = resolveSettings(flags, { out: 'runs/a', samples: 3 })
    expect(recordedSettings(flags, settings)).not.toHaveProperty('out')
    expect(recordedSettings(flags, settings)).toHaveProperty('samples', 3)
  })

  it.each(['maxNewTokens', 'gridT0', 'topP', 'model'])('go from %s to a flag and back', (name) => {
    expect(settingName(flagName(name))).toBe(name)
  })
})

describe('a config file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edt-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const write = async (content: string) => {
    const path = join(folder, 'edt.json')
    await writeFile(path, content)
    return path
  }

  it('may spell settings as flags or in camelCase', async () => {
    const path = await write('{"max-new-tokens": 3, "topP": 0.9}')
    expect((await readConfig(path, 'collect')).values).toEqual({ maxNewTokens: 3, topP: 0.9 })
  })

  it('may hold a section for each command, as a run’s settings.json does', async () => {
    const path = await write('{"model": "m", "collect": {"samples": 3}, "fit": {"epochs": 9}}')
    expect((await readConfig(path, 'collect')).values).toEqual({ model: 'm', samples: 3 })
  })

  it('that is missing, broken or no object is refused by name', async () => {
    const missing = join(folder, 'none.json')
    await expect(readConfig(missing, 'fit')).rejects.toThrow(`${missing}: the config file cannot be read (ENOENT).`)
    await expect(readConfig(await write('{"a": '), 'fit')).rejects.toThrow(
      /edt.json: the config file is not valid JSON/,
    )
    await expect(readConfig(await write('[1]'), 'fit')).rejects.toThrow('a config file is one JSON object')
  })
})
