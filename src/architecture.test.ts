import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from './package-root.js'

const forbidden: [folder: string, module: string][] = [
  ['src/sampling', '../lm/index.js'],
  ['src/sampling', '../metrics/index.js'],
  ['src/sampling/rules', '@tensorflow/tfjs'],
  ['src/sampling', 'node:fs'],
  ['src/metrics', '../tasks/index.js'],
  ['src/metrics', 'node:fs/promises'],
  ['src/lm', '../tuner/index.js'],
  ['src/lm', '../features/index.js'],
  ['src/features', '../tuner/index.js'],
  ['src/tuner', '../runtime/index.js'],
  ['src/runtime', '../../training/index.js'],
  ['src/server', '../../training/index.js'],
  ['src/server/model', '../../cli/main.js'],
  ['src/process', '../server/index.js'],
  ['src/tasks', '../lm/index.js'],
  ['training/fit', '../../src/cli/edt.js'],
]

const allowed: [folder: string, module: string][] = [
  ['src/lm', '../sampling/index.js'],
  ['src/runtime', '../tuner/index.js'],
  ['src/server', '../runtime/index.js'],
  ['src/sampling/rules', '../types.js'],
]

/** A tree of one-line files, linted with the project's own rules. */
let tree: string
let refused: string

const fileOf = (folder: string, module: string): string => `${folder}/${module.replace(/\W+/g, '_')}.ts`

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'edt-imports-'))
  const rules = JSON.parse(readFileSync(join(packageRoot(), 'biome.json'), 'utf8'))
  rules.vcs = { enabled: false }
  writeFileSync(join(tree, 'biome.json'), JSON.stringify(rules))
  for (const [folder, module] of [...forbidden, ...allowed]) {
    const file = join(tree, fileOf(folder, module))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `import { a } from '${module}'\n\nexport const b = a\n`)
  }
  const biome = join(packageRoot(), 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const flags = ['lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none', '.']
  const run = spawnSync(process.execPath, [biome, ...flags], { cwd: tree, encoding: 'utf8' })
  expect(run.status).not.toBe(0)
  refused = run.stdout
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

describe('imports go one way (DESIGN §2)', () => {
  it.each(forbidden)('the lint step refuses that %s imports %s', (folder, module) => {
    expect(refused).toContain(`${fileOf(folder, module)},`)
  })

  it.each(allowed)('%s may import %s', (folder, module) => {
    expect(refused).not.toContain(fileOf(folder, module))
  })
})
