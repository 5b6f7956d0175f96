import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { TaskNotFoundError } from './errors.js'
import { SPLIT_NAMES } from './split.js'
import { embeddedTaskNames, openTask } from './task.js'

const definition = {
  name: 'mine',
  description: 'a task of my own',
  template: '{source}\nQuestion: {question}\nAnswer:',
  metric: 'rougeL',
  maxNewTokens: 8,
  stop: ['\n'],
}
const row = { id: 'a', source: 'Some text.', question: 'Which?', references: ['This one.'] }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edt-task-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(task: object, rows: object[]): string {
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task, null, 2))
  writeFileSync(join(folder, 'train.jsonl'), rows.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return folder
}

describe('embedded tasks', () => {
  it('are the five that data/README.md names', () => {
    expect(embeddedTaskNames()).toEqual(['answer', 'describe', 'summarize', 'translate-de', 'translate-fr'])
  })

  it.each(embeddedTaskNames())('%s opens by name and reads all splits', async (name) => {
    const task = await openTask(name)
    expect(task.path).toBe(join(packageRoot(), 'data', 'tasks', name))
    expect(task.definition).toMatchObject({ name, tokenize: '13a', stop: ['\n'] })
    const splits = await Promise.all(SPLIT_NAMES.map((split) => task.examples(split)))
    expect(splits.map((examples) => examples.length)).toEqual([500, 150, 300])
    for (const example of splits.flat()) {
      expect(example.references.length).toBeGreaterThan(0)
      expect(example.prompt).not.toMatch(/\{(source|question)\}/)
      expect(example.prompt.length).toBeGreaterThan(example.promptWithoutSource.length)
    }
  })

  it('fill the template, and once more without the source', async () => {
    const [example] = await (await openTask('answer')).examples('test', 1)
    expect(example.id).toBe('ans-dbd310f1e6')
    expect(example.prompt).toMatch(
      /^golang-github-xanzy-go-gitlab-dev: .*\nQuestion: What is libcatmandu-cmd-repl-perl\?\nAnswer:$/s,
    )
    expect(example.promptWithoutSource).toBe('\nQuestion: What is libcatmandu-cmd-repl-perl?\nAnswer:')
    expect(example.references).toEqual(['interactive shell for Catmandu'])
  })
})

describe('openTask', () => {
  it('opens a folder, absolute or relative', async () => {
    write({ ...definition, tokenize: 'zh' }, [row, { ...row, id: 'b' }])
    for (const path of [folder, relative('.', folder)]) {
      const task = await openTask(path)
      expect(task.definition).toEqual({ ...definition, tokenize: 'zh' })
      expect(task.path).toBe(folder)
      expect(await task.examples('train')).toHaveLength(2)
    }
  })

  it('takes 13a when task.json names no tokenizer', async () => {
    expect((await openTask(write(definition, [row]))).definition.tokenize).toBe('13a')
  })

  it('names the embedded tasks when there is no such task', async () => {
    for (const name of ['anwser', folder, join(folder, 'nothing')]) {
      const error = await openTask(name).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(TaskNotFoundError)
      expect((error as Error).message).toContain(`Task "${name}" was not found`)
      expect((error as Error).message).toContain('answer, describe, summarize, translate-de, translate-fr')
    }
  })

  it.each([
    [{ templat: 'x' }, 'field "templat": is not a known field; correct its name or remove it.'],
    [
      { template: undefined },
      'field "template": is missing; expected string, but the object has only name, description',
    ],
    [
      { template: 'no placeholder' },
      'field "template": expected text with the placeholder {source}, but found "no placeholder".',
    ],
    [{ metric: 'rouge' }, 'field "metric": expected one of "rougeL"|"bleu", but found "rouge".'],
    [{ tokenize: 'spm' }, 'field "tokenize": expected one of "13a"|"zh"|"char"|"intl"|"none", but found "spm".'],
    [{ maxNewTokens: 0 }, 'field "maxNewTokens": expected number to be >=1, but found 0.'],
    [{ maxNewTokens: 2.5 }, 'field "maxNewTokens": expected int, but found 2.5.'],
    [{ stop: [''] }, 'field "stop[0]": expected string to have >=1 characters, but found "".'],
    [{ name: '../up' }, 'field "name": expected letters, digits'],
  ])('refuses a task.json with %o', async (change, message) => {
    await expect(openTask(write({ ...definition, ...change }, [row]))).rejects.toThrow(
      `${join(folder, 'task.json')}: ${message}`,
    )
  })

  it('says on which line task.json stops being JSON', async () => {
    writeFileSync(join(folder, 'task.json'), '{\n  "name": "mine",\n  "description": "x"\n  "template": "{source}"\n}')
    await expect(openTask(folder)).rejects.toThrow(`${join(folder, 'task.json')}:4: expected a complete JSON object`)
  })

  it('says that task.json is no file or no UTF-8', async () => {
    const file = join(folder, 'task.json')
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]))
    await expect(openTask(folder)).rejects.toThrow(`${file}:1: expected UTF-8 text, but byte 2`)
    rmSync(file)
    mkdirSync(file)
    await expect(openTask(folder)).rejects.toThrow(`${file}: expected a file, but this is a folder.`)
  })
})

describe('examples', () => {
  it('never expand what looks like a placeholder inside a text', async () => {
    const source = 'use {question} and {source}, $& and $1'
    const task = await openTask(write(definition, [{ ...row, source, question: '{source}?' }]))
    const [example] = await task.examples('train')
    expect(example.prompt).toBe(`${source}\nQuestion: {source}?\nAnswer:`)
    expect(example.promptWithoutSource).toBe('\nQuestion: {source}?\nAnswer:')
  })

  it('may use any text field of the rows, and ignore others', async () => {
    const template = '{language}: {source} {not a field} {}'
    const rows = [{ ...row, language: 'de', url: 'somewhere', year: 2024 }]
    const task = await openTask(write({ ...definition, template }, rows))
    expect((await task.examples('train'))[0].prompt).toBe('de: Some text. {not a field} {}')
  })

  it('stop reading at the limit', async () => {
    const task = await openTask(write(definition, [row, { ...row, id: 'b' }, { bad: true }]))
    expect((await task.examples('train', 2)).map(({ id }) => id)).toEqual(['a', 'b'])
    await expect(task.examples('train', 3)).rejects.toThrow(/train\.jsonl:3: field "id": is missing/)
    await expect(task.examples('train', 0)).rejects.toThrow('limit must be a whole number of at least 1, but is 0')
  })

  it.each([
    [{ ...row, id: 'first' }, 'field "id": expected a value of its own, but found "first", which line 1 has already.'],
    [{ ...row, id: 7 }, 'field "id": expected string, but found 7.'],
    [
      { ...row, question: undefined },
      'field "question": expected text, because the template of task.json asks for {question}, but it is missing.',
    ],
    [{ ...row, references: [] }, 'field "references": expected array to have >=1 items, but found [].'],
    [{ ...row, references: ['a', null] }, 'field "references[1]": expected string, but found null.'],
    [{ ...row, references: 'a' }, 'field "references": expected array, but found "a".'],
    [
      { id: 'a', source: 'x', reference: ['y'] },
      'field "references": is missing; expected array, but the object has only id, source, reference.',
    ],
  ])('refuse the row %o', async (second, message) => {
    const task = await openTask(write(definition, [{ ...row, id: 'first' }, second]))
    await expect(task.examples('train')).rejects.toThrow(`${join(folder, 'train.jsonl')}:2: ${message}`)
  })

  it('take no inherited property for a field', async () => {
    const task = await openTask(write({ ...definition, template: '{source}{constructor}' }, [row]))
    await expect(task.examples('train')).rejects.toThrow(/field "constructor": expected text/)
  })

  it('say which split has no file or does not exist', async () => {
    const task = await openTask(write(definition, [row]))
    await expect(task.examples('test')).rejects.toThrow(
      `${join(folder, 'test.jsonl')}: the file does not exist; check the path.`,
    )
    // @ts-expect-error JavaScript callers may use another name.
    await expect(task.examples('dev')).rejects.toThrow('split must be one of train, validation, test, but is "dev"')
  })
})
