import { spawn } from 'node:child_process'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EDT_COMMAND, runEdt } from './testing/run-edt.js'

/** A run of seconds: two cells of T0 by two of theta, two samples. */
const SMALL = [
  ...['--task', 'translate-fr', '--train-prompts', '6', '--validation-prompts', '3', '--test-prompts', '2'],
  ...['--grid-t0', '0.5,1', '--grid-theta', '0,1', '--samples', '2', '--test-samples', '2', '--oracle-prompts', '0'],
  ...['--epochs', '10', '--workers', '0'],
]

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
let root: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-runs-'))
  root = join(folder, 'first')
})
afterAll(() => rm(folder, { recursive: true }))

/** Messages without the estimate of what collecting costs, whose numbers are the machine's. */
function withoutCost(stderr: string): string {
  const cost =
    /^To collect: .*\nAbout .* \([\d.]+ samples\/s, measured just now on \d+ prompts\) and .* of disk \(.* free\)\n/m
  expect(stderr).toMatch(cost)
  return stderr.replace(cost, '')
}

describe('edt train', () => {
  it('collects, fits, evaluates and reports, and its tuner then answers prompts', async () => {
    const { code, stdout, stderr } = await runEdt(['train', ...SMALL, '--out', root])
    expect(code).toBe(0)
    expect(withoutCost(stderr)).toBe(`Model debian-6m, tasks translate-fr\nNext: edt generate --tuner ${root} "…"\n`)
    for (const heading of ['[1/3] Collect', '[2/3] Fit', '[3/3] Evaluate']) expect(stdout).toContain(heading)
    expect(stdout).toContain('9 of 9 prompts collected')
    expect(stdout).toContain('learned EDT')
    for (const file of ['settings.json', 'versions.json', 'events.jsonl', 'store.duckdb', 'report/report.html']) {
      await access(join(root, file))
    }
    const prompt = ['--task', 'translate-fr', 'This package contains the documentation.']
    const answer = await runEdt(['generate', ...prompt, '--tuner', root, '--seed', '1', '--json'])
    expect(JSON.parse(answer.stdout).results[0]).toMatchObject({ chosenBy: 'tuner', t0: expect.any(Number) })
  })

  it('goes on with what is there when the same command comes again', async () => {
    const before = await runEdt(['inspect', root, '--json'])
    const again = await runEdt(['train', ...SMALL, '--out', root, '--json', '--quiet'])
    const after = await runEdt(['inspect', root, '--json'])
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(again.stdout).collected).toMatchObject({ finished: 9, collected: 0 })
    const [first, second] = [before, after].map(({ stdout }) => JSON.parse(stdout))
    expect(second.store.digest).toBe(first.store.digest)
    expect(second.checkpoint.metadata.weights).toEqual(first.checkpoint.metadata.weights)
    expect(second.ablation.overall).toEqual(first.ablation.overall)
  })

  it('keeps the settings of the run for the commands that follow', async () => {
    const { code, stdout } = await runEdt(['fit', '--out', root, '--json', '-q'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ metadata: { tasks: ['translate-fr'], training: { epochs: 10 } } })
    const refused = await runEdt(['collect', '--out', root, '--samples', '3', '--workers', '0'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('the run was collected with samples 2, but 3 is asked for')
    const settings = JSON.parse(await readFile(join(root, 'settings.json'), 'utf8'))
    expect(settings.train).toMatchObject({ samples: 2, trainPrompts: 6, topP: 0.95, seed: 0, backend: 'auto' })
    expect(settings).not.toHaveProperty('collect')
  })

  it('is read aloud by edt inspect', async () => {
    const { stdout } = await runEdt(['inspect', root])
    expect(stdout).toContain(`${root}: a run`)
    expect(stdout).toMatch(/translate-fr +train +6 +0 +0/)
    expect(stdout).toMatch(/predicts +T0 in 0.5–1, theta in 0–1/)
    expect(stdout).toContain(`Next: edt generate --tuner ${root}`)
  })
})

describe('edt collect', () => {
  it('stops in order at Ctrl-C, ends with 130, and says how to go on', async () => {
    const out = join(folder, 'stopped')
    const args = ['collect', '--task', 'answer', '--train-prompts', '50', '--workers', '1', '--out', out]
    const child = spawn(EDT_COMMAND[0], [...EDT_COMMAND.slice(1), ...args])
    let stderr = ''
    let interrupted = false
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
      if (interrupted || !stderr.includes('Collecting')) return
      interrupted = true
      child.kill('SIGINT')
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(stderr).toContain(`What is done is kept; go on with: edt collect --out ${out}`)
    expect(code).toBe(130)
  })

  it('names a task that does not exist, and those that do', async () => {
    const { code, stderr } = await runEdt(['collect', '--task', 'anser', '--out', join(folder, 'none')])
    expect(code).toBe(2)
    expect(stderr).toMatch(/Task "anser" was not found.*answer, describe, summarize/)
  })
})
