import { exec } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runEdt } from './testing/run-edt.js'

const PAIRS = [
  { hypothesis: 'the cat sat on a mat', references: ['the cat sat on the mat', 'a cat sat on the mat'] },
  { hypothesis: 'hello there my friend', references: ['hello there my dear friend', 'hi there my friend'] },
]
const SAMPLES = [{ samples: ['a b c d', 'a b c d', 'e f g h'] }, { samples: ['one', 'two', 'three'] }]
const lines = (rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
let pairs: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-cli-'))
  pairs = join(folder, 'pairs.jsonl')
  await writeFile(pairs, lines(PAIRS))
})
afterAll(() => rm(folder, { recursive: true }))

describe.concurrent('edt', () => {
  it('names the command that was meant, and ends with 2', async () => {
    const { code, stdout, stderr } = await runEdt(['generat', 'Hello, world'])
    expect(stderr).toBe('edt: There is no command "generat". Did you mean "generate"?\n')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('shows help and version on stdout', async () => {
    const [help, version] = await Promise.all([runEdt(['score', 'bleu', '--help']), runEdt(['--version'])])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('--tokenize')
    expect(help.stdout).toContain('edt score bleu answers.jsonl')
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('does not crash when the reader of its output has seen enough', async () => {
    const many = join(folder, 'many.jsonl')
    await writeFile(many, lines(PAIRS).repeat(8_000))
    const edt = fileURLToPath(new URL('edt.ts', import.meta.url))
    const command = `"${process.execPath}" --import tsx "${edt}" score bleu "${many}" --sentence -q | head -1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await promisify(exec)(command, { shell: '/bin/bash' })
    expect(stdout).toMatch(/^\d+\.\d\d\n0\n$/)
    expect(stderr).toBe('')
  })

  it('reads settings from a config file, and names the setting that was meant', async () => {
    const good = join(folder, 'good.json')
    const bad = join(folder, 'bad.json')
    await writeFile(good, '{"tokenize": "char", "smooth": "floor"}')
    await writeFile(bad, '{"tokenise": "char"}')
    const [byConfig, byFlag, refused] = await Promise.all([
      runEdt(['score', 'bleu', pairs, '--config', good]),
      runEdt(['score', 'bleu', pairs, '--config', good, '--tokenize', 'none']),
      runEdt(['score', 'bleu', pairs, '--config', bad]),
    ])
    expect(byConfig.stdout).toContain('tok:char|smooth:floor')
    expect(byFlag.stdout).toContain('tok:none|smooth:floor')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('bad.json: there is no setting "tokenise". Did you mean "tokenize"?')
  })
})

describe.concurrent('edt score', () => {
  it('prints BLEU with its signature, from a file or from standard input', async () => {
    const [file, piped] = await Promise.all([
      runEdt(['score', 'bleu', pairs]),
      runEdt(['score', 'bleu', '-'], { input: lines(PAIRS) }),
    ])
    expect(file.stdout).toMatch(
      /^BLEU = \d+\.\d\d .*\(BP = .*\)\nnrefs:2\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:/,
    )
    expect(piped).toEqual(file)
  })

  it('prints one score a line with --sentence', async () => {
    const { stdout, stderr } = await runEdt(['score', 'bleu', pairs, '--sentence'])
    expect(stdout).toMatch(/^\d+\.\d\d\n\d+\.\d\d\n$/)
    expect(stderr).toContain('eff:yes')
  })

  it('prints ROUGE as the mean of the lines', async () => {
    const { stdout } = await runEdt(['score', 'rouge', pairs, '--json', '--sentence'])
    const { rougeL, sentences } = JSON.parse(stdout)
    const mean = (sentences[0].rougeL.fmeasure + sentences[1].rougeL.fmeasure) / 2
    expect(rougeL.fmeasure).toBeCloseTo(mean, 12)
    expect(sentences).toHaveLength(2)
  })

  it('prints Self-BLEU as the mean of the lines', async () => {
    const { stdout } = await runEdt(['score', 'self-bleu', '-', '--json'], { input: lines(SAMPLES) })
    const { score, prompts, signature } = JSON.parse(stdout)
    expect(score).toBeCloseTo((prompts[0] + prompts[1]) / 2, 12)
    expect(prompts[1]).toBe(0)
    expect(signature).toMatch(/^n:3\|/)
  })

  it('names file, line and field of a bad row', async () => {
    const input = `${lines(PAIRS)}{"hypothesis": "x", "references": [null]}\n`
    const { code, stdout, stderr } = await runEdt(['score', 'bleu', '-', '--json'], { input })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^edt: \/dev\/stdin:3: field "references\[0\]"/)
  })
})

describe.concurrent('edt generate', () => {
  const prompt = ['--task', 'translate-fr', 'This package contains the documentation.']
  const edt = ['generate', ...prompt, '--t0', '1.5', '--theta', '0.5']

  it('prints the text alone on stdout, and what chose it on stderr', async () => {
    const { code, stdout, stderr } = await runEdt([...edt, '--seed', '1'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\S.*\n$/)
    expect(stderr).toContain('debian-6m (embedded, q8, cpu)')
    expect(stderr).toContain('T0 1.5, θ 0.5 (as given) · seed 1')
  })

  it('gives the same text for the same seed, whether from an argument, standard input or a file', async () => {
    const file = join(folder, 'prompts.jsonl')
    await writeFile(file, lines([{ id: 'a', prompt: prompt[2] }, { prompt: 'This package contains the library.' }]))
    const common = ['--task', 'translate-fr', '--t0', '1.5', '--theta', '0.5', '--seed', '7', '--json', '-q']
    const [argument, piped, fromFile] = await Promise.all([
      runEdt([...edt, '--seed', '7', '--json', '-q']),
      runEdt(['generate', ...common], { input: `${prompt[2]}\n` }),
      runEdt(['generate', '--file', file, ...common]),
    ])
    expect(argument.stderr).toBe('')
    const [result] = JSON.parse(argument.stdout).results
    expect(result).toMatchObject({ t0: 1.5, theta: 0.5, seed: 7, chosenBy: 'user', prompt: prompt[2] })
    expect(JSON.parse(piped.stdout)).toEqual(JSON.parse(argument.stdout))
    const fromFileResults = JSON.parse(fromFile.stdout).results
    expect(fromFileResults.map((row: { id?: string }) => row.id)).toEqual(['a', undefined])
    expect(fromFileResults[0].text).toBe(result.text)
  })

  it('shows every token with --trace', async () => {
    const { stdout } = await runEdt([...edt, '--seed', '1', '--trace', '--samples', '2', '-q'])
    const [head, first] = stdout.split('\n').filter((line) => /^step|^ +1 /.test(line))
    expect(head.split(/\s+/)).toEqual(['step', 'token', 'entropy', 'temperature', 'probability', 'rank', 'nucleus'])
    expect(first).toMatch(/^ +1 {2}␣\S+ +\d\.\d{3} +\d\.\d{3} +\d\.\d{4} +\d+ +\d+$/)
    expect(stdout).toContain('Sample 2')
  })

  it('says what to do about a missing prompt, tuner or question', async () => {
    const [noPrompt, noTuner, noQuestion] = await Promise.all([
      runEdt(['generate', '--temperature', '1']),
      runEdt(['generate', 'x', '--tuner', join(folder, 'none')]),
      runEdt(['generate', 'x', '--temperature', '1', '--task', 'answer']),
    ])
    expect(noPrompt.stderr).toContain('Standard input holds no prompt.')
    expect(noTuner.stderr).toMatch(/There is no tuner at .*none \(a folder with tuner.json, or a run folder\)/)
    expect(noQuestion.stderr).toContain('give it with --question')
    expect([noPrompt, noTuner, noQuestion].map(({ code }) => code)).toEqual([2, 2, 2])
  })
})
