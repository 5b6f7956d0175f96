/**
 * Writes docs/licences.md: every production dependency with its licence, from package-lock.json, which knows the packages of all platforms.
 * Run: npm run licences; with --check nothing is written, and a list that is out of date is an error.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../src/package-root.js'
import { type LockedPackage, productionPackages, reasonFor } from './licence-rules.js'

const file = join(packageRoot(), 'docs', 'licences.md')
const packages = productionPackages(JSON.parse(await readFile(join(packageRoot(), 'package-lock.json'), 'utf8')))
const refused = packages.filter((one) => reasonFor(one) === undefined)
if (refused.length > 0) {
  console.error(
    `Not allowed by scripts/licence-rules.ts: ${refused.map(({ name, licence }) => `${name} (${licence})`).join(', ')}.`,
  )
  process.exit(1)
}
const text = page(packages)
if (!process.argv.includes('--check')) await writeFile(file, text)
else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('docs/licences.md is out of date: run `npm run licences`.')
  process.exit(1)
}

function page(packages: readonly LockedPackage[]): string {
  const byLicence = new Map<string, LockedPackage[]>()
  for (const one of packages) byLicence.set(one.licence!, [...(byLicence.get(one.licence!) ?? []), one])
  const counts = [...byLicence]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([licence, { length }]) => `| ${licence} | ${length} |`)
  const special = new Map(packages.filter((one) => reasonFor(one) !== 'permissive').map((one) => [reasonFor(one), one]))
  const reasons = [...special].map(
    ([reason, { name, licence }]) => `- \`${name}\` and its like (${licence}): ${reason}.`,
  )
  const rows = packages.map(({ name, version, licence, optional }) => {
    return `| ${name} | ${version} | ${licence} | ${optional ? 'on some platforms' : ''} |`
  })
  return `# Licences of the dependencies

Written by \`npm run licences\` from package-lock.json: everything that \`npm install edt-tuner\` may bring along, on any platform. A test fails on a licence that
\`scripts/licence-rules.ts\` does not allow. edt-tuner itself is Apache-2.0; the optional TensorFlow.js packages for Node (Apache-2.0) are not in the list, since users add them themselves.

| licence | packages |
|---|---|
${counts.join('\n')}

Allowed for these packages alone, with the reason:

${reasons.join('\n')}

| package | version | licence | installed |
|---|---|---|---|
${rows.join('\n')}
`
}
