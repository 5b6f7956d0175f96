import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportInRun } from './report.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'edt-report-run-'))
})
afterEach(() => rm(root, { recursive: true }))

describe('reportInRun', () => {
  it('refuses a folder that is no run', async () => {
    await expect(reportInRun(root)).rejects.toThrow(`${root}: this is not the folder of a run.`)
  })

  it('names the command that is missing where nothing was evaluated', async () => {
    await writeFile(join(root, 'settings.json'), '{}')
    await mkdir(join(root, 'ablation', 'aabbccdd'), { recursive: true })
    await expect(reportInRun(root)).rejects.toThrow(`make one with \`edt ablate --out ${root}\`.`)
  })

  it('refuses an ablation of another version and says what to do', async () => {
    await writeFile(join(root, 'settings.json'), '{}')
    await mkdir(join(root, 'ablation', 'aabbccdd'), { recursive: true })
    await writeFile(join(root, 'ablation', 'aabbccdd', 'ablation.json'), '{"formatVersion": 1}')
    await expect(reportInRun(root)).rejects.toThrow('(format 1, expected 2); run `edt ablate')
  })
})
