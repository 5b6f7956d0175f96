/**
 * Writes docs/licences.md: every production dependency with its licence, from package-lock.json, which knows the packages of all platforms.
 * Run: npm run licences; with --check nothing is written, and a list that is out of date is an error.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../src/package-root.js'
import { productionPackages, reasonFor } from './licence-rules.js'
import { licencesPage } from './licences-page.js'

const file = join(packageRoot(), 'docs', 'licences.md')
const packages = productionPackages(JSON.parse(await readFile(join(packageRoot(), 'package-lock.json'), 'utf8')))
const refused = packages.filter((one) => reasonFor(one) === undefined)
if (refused.length > 0) {
  console.error(
    `Not allowed by scripts/licence-rules.ts: ${refused.map(({ name, licence }) => `${name} (${licence})`).join(', ')}.`,
  )
  process.exit(1)
}
const text = licencesPage(packages)
if (!process.argv.includes('--check')) await writeFile(file, text)
else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('docs/licences.md is out of date: run `npm run licences`.')
  process.exit(1)
}
