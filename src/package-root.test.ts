import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findPackageRoot, packageRoot } from './package-root.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edt-package-root-'))
})
afterEach(() => rmSync(root, { recursive: true }))

it('finds the folder with data/ from this source file', () => {
  expect(findPackageRoot(join(packageRoot(), 'data', 'tasks'))).toBe(packageRoot())
})

it('passes by package.json files of other packages and broken ones', () => {
  const deep = join(root, 'dist', 'src')
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name": "edt-tuner"}')
  writeFileSync(join(root, 'dist', 'package.json'), '{"type": "module"}')
  writeFileSync(join(deep, 'package.json'), '{')
  expect(findPackageRoot(deep)).toBe(root)
})

it('says what it looked for when the files lie outside the package', () => {
  writeFileSync(join(root, 'package.json'), '{"name": "something-else"}')
  expect(() => findPackageRoot(root)).toThrow(/package\.json with the name edt-tuner/)
})
