import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from './package-root.js'

/** Ways to run text as code, or to read data that can hold code. */
const RUNS_TEXT =
  /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*['"`]|\bpickle\b|unserialize\(|\bvm\.run|runInNewContext|runInThisContext/

/** Our own code; dependencies are named in SECURITY.md. */
function sources(): string[] {
  return ['src', 'training'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  )
}

describe('checkpoints, models and data files are data, never code', () => {
  it('nothing in src or training runs text as code', () => {
    const files = sources()
    expect(files.length).toBeGreaterThan(200)
    expect(files.filter((file) => RUNS_TEXT.test(readFileSync(join(packageRoot(), file), 'utf8')))).toEqual([])
  })

  it('node:vm is used in one place, with a constant script, for its time limit', () => {
    const users = sources().filter((file) => readFileSync(join(packageRoot(), file), 'utf8').includes("'node:vm'"))
    expect(users).toEqual([join('src', 'lm', 'chat.ts')])
    expect(readFileSync(join(packageRoot(), users[0]), 'utf8')).toContain("new Script('work()')")
  })

  it('import() loads packages and our own files, never a path out of data', () => {
    const computed = sources().filter((file) =>
      /\bimport\((?!\s*(['"`]))/.test(readFileSync(join(packageRoot(), file), 'utf8').replace(/typeof import\(/g, '')),
    )
    // The native packages of TensorFlow.js, by one of two constant names.
    expect(computed).toEqual([join('src', 'tuner', 'backend.ts')])
  })
})
