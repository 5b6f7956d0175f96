/**
 * Writes a software bill of materials (CycloneDX 1.5, JSON) of the package and its production dependencies on every platform, and checks that none is missing.
 * Run: npm run sbom [-- FILE]
 */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../src/package-root.js'
import { productionPackages } from './licence-rules.js'

interface Bom {
  metadata: { component: { name: string; version: string } }
  components: { 'bom-ref': string; name: string; version: string }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const root = packageRoot()
const target = process.argv[2] ?? 'sbom.cdx.json'
const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
// Not `--omit dev`: npm then leaves out what development dependencies need as well (seen with npm 11: @tensorflow/tfjs and zod).
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only']
const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 2 ** 20 })
const bom: Bom = JSON.parse(stdout)
// npm takes the folder's name for the package's.
bom.metadata.component.name = name
const expected = productionPackages(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
const production = new Set(expected.map(({ name, version }) => `${name}@${version}`))
bom.components = bom.components.filter(({ name, version }) => production.has(`${name}@${version}`))
const kept = new Set([
  ...bom.components.map((component) => component['bom-ref']),
  `${name}@${bom.metadata.component.version}`,
])
bom.dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }))
const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`))
const missing = expected.filter(({ name, version, optional }) => !optional && !listed.has(`${name}@${version}`))
if (missing.length > 0) {
  console.error(`The SBOM lacks ${missing.map(({ name, version }) => `${name}@${version}`).join(', ')}.`)
  process.exit(1)
}
await writeFile(target, `${JSON.stringify(bom, null, 2)}\n`)
console.log(`${target}: ${bom.components.length} components of ${name} ${bom.metadata.component.version}`)
