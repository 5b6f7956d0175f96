import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../src/package-root.js'
import { productionPackages, reasonFor } from './licence-rules.js'
import { licencesPage } from './licences-page.js'

const packages = productionPackages(JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')))

describe('licences of what is installed with edt-tuner', () => {
  it('are all known and allowed', () => {
    expect(packages.length).toBeGreaterThan(100)
    const refused = packages.filter((one) => reasonFor(one) === undefined)
    expect(
      refused,
      'add the licence or the package to scripts/licence-rules.ts, with a reason, or do without it',
    ).toEqual([])
  })

  it('are listed in docs/licences.md as package-lock.json has them', () => {
    expect(licencesPage(packages), 'run `npm run licences`').toBe(
      readFileSync(join(packageRoot(), 'docs', 'licences.md'), 'utf8'),
    )
  })

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'SSPL-1.0',
    'UNLICENSED',
    'LGPL-3.0-or-later',
    '(MIT AND GPL-2.0-only)',
    undefined,
  ])('would not be %s for just any package', (licence) => {
    expect(reasonFor({ name: 'left-pad', version: '1.0.0', licence, optional: false })).toBeUndefined()
  })

  it('leave development dependencies out, and name each version once', () => {
    const entry = { version: '1.0.0', license: 'MIT' }
    const lock = {
      packages: {
        '': entry,
        'node_modules/@a/b': entry,
        'node_modules/c/node_modules/@a/b': entry,
        'node_modules/test': { ...entry, dev: true },
      },
    }
    expect(productionPackages(lock)).toEqual([{ name: '@a/b', version: '1.0.0', licence: 'MIT', optional: false }])
  })
})
