import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { STUDY_IDS } from '../../training/studies/index.js'
import { syntheticRun } from '../../training/studies/testing/synthetic-run.js'
import { runEdt } from './testing/run-edt.js'

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const SMALL = ['--fits', '1', '--members', '1', '--epochs', '20', '--resamples', '300']

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'edt-study-'))
  await writeFile(join(root, 'settings.json'), '{}')
  await syntheticRun(join(root, 'store.duckdb'))
})
afterAll(() => rm(root, { recursive: true }))

describe('edt study', () => {
  it('prints a table for each study, and keeps the results in the run', async () => {
    const { code, stdout } = await runEdt(['study', 'grid', 'tasks', ...SMALL, '--out', root])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Size of the grid$/m)
    expect(stdout).toMatch(/^ +cells +learned from +EDA +to 3 × 3 +p +best fixed EDT +to best fixed$/m)
    expect(stdout).toMatch(/^ +2 × 2 +80 +[\d.]+ \[[\d.]+, [\d.]+\] +[+−]?[\d.]+ \[/m)
    expect(stdout).toMatch(/^ +describe +the task alone +40 /m)
    expect(stdout).toContain('48 test prompts')
    const { studies } = JSON.parse(await readFile(join(root, 'studies', 'studies.json'), 'utf8'))
    expect(studies.map(({ id }: { id: string }) => id)).toEqual(['grid', 'tasks'])
  })

  it('gives one JSON document on request, and goes on with what is there', async () => {
    const { code, stdout, stderr } = await runEdt(['study', 'grid', ...SMALL, '--out', root, '--json', '-q'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const stored = JSON.parse(await readFile(join(root, 'studies', 'studies.json'), 'utf8'))
    expect(JSON.parse(stdout)).toEqual(stored)
  })

  it('is told of by edt inspect', async () => {
    const { stdout } = await runEdt(['inspect', root])
    expect(stdout).toMatch(/^ +grid +Size of the grid +2$/m)
  })

  it('names the studies that there are, in its help and when it is asked for another', async () => {
    const help = await runEdt(['study', '--help'])
    for (const id of STUDY_IDS) expect(help.stdout).toContain(id)
    const { code, stderr } = await runEdt(['study', 'grids', '--out', root])
    expect(code).toBe(2)
    expect(stderr).toContain(`study must be one of ${STUDY_IDS.join(', ')}`)
  })
})
