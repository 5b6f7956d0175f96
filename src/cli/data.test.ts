import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runFolder } from './run-folder.js'
import { renderTaskPrompt } from './task-prompt.js'
import { runEdt } from './testing/run-edt.js'

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-data-cli-'))
  const lines = Array.from({ length: 30 }, (_, i) => `Describe package ${i}:,It is package number ${i}.`)
  await writeFile(at('mine.csv'), ['question,answer', ...lines].join('\n'))
  await writeFile(at('template.txt'), 'Q: {prompt}\nA:\n')
  const row = (id: unknown) => JSON.stringify({ id, text: `Text ${id}.`, summary: 'Short.' })
  await writeFile(at('articles.jsonl'), [row('a'), row('b'), row(3), row('a')].join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

const MINE = ['--prompt-field', 'question', '--reference-field', 'answer']

describe('edt data', () => {
  it('tells rows, splits, lengths and prompts of a file of one’s own', async () => {
    const args = ['data', 'generic', '--file', at('mine.csv'), ...MINE, '--template', at('template.txt')]
    const { code, stdout, stderr } = await runEdt(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /rows {6}30\n {2}left out {2}none\n {2}examples {2}30 \(train \d+, validation \d+, test \d+\)/,
    )
    expect(stdout).toContain('splits    by document 60/15/25')
    expect(stdout.match(/^Q: Describe package \d+:\nA:$/gm)).toHaveLength(3)
    expect(stdout).toMatch(/prompt, characters +\d/)
  })

  it('counts and lists bad rows and repeated ids, also as JSON', async () => {
    const args = ['data', `xlsum:${at('articles.jsonl')}`, '--model', 'debian-6m', '--json', '-q']
    const refused = await runEdt(args)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(`${at('articles.jsonl')}:3: field "id": expected string, but found 3.`)
    const { code, stdout } = await runEdt([...args, '--skip-bad-rows'])
    expect(code).toBe(0)
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ rows: 3, examples: 3, tooLong: 0, bad: { count: 1 }, repeatedIds: { count: 1 } })
    expect(summary.bad.first[0]).toMatchObject({ line: 3, field: 'id' })
    expect(summary.repeatedIds.first[0].message).toContain('found "a", which line 1 has already')
    expect(summary.lengths.prompt.tokens.mean).toBeGreaterThan(5)
  })

  it('refuses --file beside a task that has files of its own', async () => {
    const { code, stderr } = await runEdt(['data', 'answer', '--file', at('mine.csv')])
    expect(code).toBe(2)
    expect(stderr).toContain('--file is for a data set')
  })
})

describe('a task of one’s own data', () => {
  it('trains, keeps its settings for the commands that follow, and answers', async () => {
    const out = at('run')
    const small = [
      '--grid-t0',
      '0.5,1',
      '--grid-theta',
      '0,1',
      '--samples',
      '2',
      '--test-samples',
      '2',
      '--workers',
      '0',
    ]
    const counts = ['--train-prompts', '6', '--validation-prompts', '3', '--test-prompts', '2', '--oracle-prompts', '0']
    const task = ['--task', `generic:${at('mine.csv')}`, ...MINE, '--template', at('template.txt')]
    const cut = ['--metric', 'bleu', '--stop', '\n', '--max-new-tokens', '8']
    const trained = await runEdt(['train', ...task, ...cut, ...small, ...counts, '--epochs', '5', '--out', out, '-q'])
    expect(trained).toMatchObject({ code: 0, stderr: '' })
    expect(trained.stdout).toContain('9 of 9 prompts collected')
    const fitted = await runEdt(['fit', '--out', out, '--json', '-q'])
    expect(JSON.parse(fitted.stdout)).toMatchObject({ metadata: { tasks: ['mine'] } })
    const refused = await runEdt(['collect', '--out', out, '--max-new-tokens', '9', '--workers', '0'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('tasks.mine.maxNewTokens 8, but 9 is asked for')
    const asked = ['--task', 'generic', '--template', at('template.txt'), 'Describe hello:', '--json', '--seed', '1']
    const answered = await runEdt(['generate', ...asked, '--tuner', out])
    expect(JSON.parse(answered.stdout).results[0]).toMatchObject({ chosenBy: 'tuner', prompt: 'Describe hello:' })
  })
})

describe('the folder of a run', () => {
  it.each([
    [['xlsum:/data/a.jsonl', 'quac:b.json'], 'runs/debian-6m-xlsum+quac'],
    [['generic:/data/my.rows.csv'], 'runs/debian-6m-my.rows'],
    [['./my-task/', 'answer'], 'runs/debian-6m-my-task+answer'],
  ])('of %j is %s', (task, folder) => {
    expect(runFolder({ model: 'debian-6m', task })).toBe(folder)
  })
})

describe('a prompt for a task', () => {
  const definition = {
    ...{ name: 'mine', description: '', metric: 'rougeL' as const, tokenize: '13a' as const },
    ...{ maxNewTokens: 8, stop: [] },
  }

  it('is cut as in training, and a second text is the question', () => {
    const qa = { ...definition, template: '{source}|{prompt}', maxSourceChars: 8 }
    const rendered = renderTaskPrompt(qa, { prompt: 'One. Two two.', question: 'Why?' })
    expect(rendered).toEqual({ prompt: 'One.|Why?', promptWithoutSource: '|Why?' })
    expect(() => renderTaskPrompt(qa, { prompt: 'One.' })).toThrow('give it with --question')
  })

  it('is all there is where a template has no source', () => {
    expect(renderTaskPrompt({ ...definition, template: '{prompt}!' }, { prompt: 'One.' }).prompt).toBe('One.!')
  })
})
