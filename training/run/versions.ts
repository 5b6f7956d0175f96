import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VERSION } from '../../src/version.js'

/** Packages whose version may change a run's numbers. */
const PACKAGES = [
  '@huggingface/transformers',
  'onnxruntime-node',
  '@tensorflow/tfjs',
  '@duckdb/node-api',
  'pure-rand',
] as const

/** What a run was made with, for its `versions.json`: edt-tuner, Node, the machine and the packages that compute. */
export function collectVersions(): Record<string, string> {
  const packages = PACKAGES.map((name) => [name, installedVersion(name)] as const)
  return {
    'edt-tuner': VERSION,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpu: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    ...Object.fromEntries(
      packages.filter((entry): entry is [(typeof PACKAGES)[number], string] => entry[1] !== undefined),
    ),
  }
}

/** The version of an installed package, or undefined when it is not to be found from here. */
function installedVersion(name: string): string | undefined {
  // Walking up through node_modules needs no `exports` entry for package.json, which many packages do not have.
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version
    if (folder === dirname(folder)) return undefined
  }
}
