import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from './package-root.js'
import { VERSION } from './version.js'

it('is the version that package.json states', async () => {
  const manifest = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8'))
  expect(VERSION).toBe(manifest.version)
})
