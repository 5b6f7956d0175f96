/**
 * Checks the package as its users get it: packs it, asks publint and are-the-types-wrong, installs the archive in an empty
 * project, and there runs the `edt` command and its server, imports every subpath, type-checks and runs the examples and the README's
 * snippet. Run: npm run check:package (needs the npm registry; a few minutes)
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { packageRoot } from '../src/package-root.js'
import { hasSmolLM2, smolLM2Folder } from '../src/testing/models.js'

const root = packageRoot()
const tool = (name: string) => join(root, 'node_modules', '.bin', name)
const { version, dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
/** What the repository itself uses. */
const versions: Record<string, string> = { ...dependencies, ...devDependencies }
const project = await mkdtemp(join(tmpdir(), 'edt-package-'))

/** Runs a program; its output goes into the error when it fails. */
async function run(command: string, args: readonly string[], cwd = project, env = {}): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
    return (await promisify(execFile)(command, [...args], options)).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  }
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now()
  await work()
  console.log(`ok  ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}

/** The first TypeScript block of the README that imports the package. */
async function readmeSnippet(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const block = [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code]) => code)
    .find((code) => code.includes("from 'edt-tuner'"))
  if (block === undefined) throw new Error('README.md: there is no ```ts block that imports edt-tuner.')
  return `${block}\nif (text === '' || t0 === undefined || theta === undefined) throw new Error('no answer')\nawait model.dispose()\n`
}

let archive = ''
try {
  await step('npm pack', async () => {
    const [{ filename, files }] = JSON.parse(
      await run('npm', ['pack', '--json', '--pack-destination', project], root).then(jsonOf),
    )
    archive = join(project, filename)
    const strays = (files as { path: string }[]).filter(({ path }) => /\.test\.|\/testing\/|\.tsbuildinfo$/.test(path))
    if (strays.length > 0) throw new Error(`The package holds ${strays[0].path}, which no user needs.`)
  })
  await step('publint', () => run(tool('publint'), ['run', archive, '--strict', '--pack', 'false']))
  await step('are the types wrong', () => run(tool('attw'), [archive, '--profile', 'esm-only', '--no-emoji']))
  await step('npm install in an empty project', async () => {
    await writeFile(join(project, 'package.json'), '{"name": "empty", "private": true, "type": "module"}\n')
    const added = ['@huggingface/transformers', '@types/node'].map((name) => `${name}@${versions[name]}`)
    // As the README says it: with install scripts, which this repository's .npmrc would hand down as not to be run, but without the CUDA libraries.
    const flags = ['--ignore-scripts=false', '--no-audit', '--no-fund']
    await run('npm', ['install', ...flags, archive, ...added], project, { ONNXRUNTIME_NODE_INSTALL: 'skip' })
  })
  const edt = join(project, 'node_modules', '.bin', 'edt')
  await step('edt --version and --help', async () => {
    const told = (await run(edt, ['--version'])).trim()
    if (told !== version) throw new Error(`edt --version says ${told}, but package.json ${version}.`)
    await run(edt, ['--help'])
  })
  await step('edt generate', () =>
    run(edt, ['generate', '--task', 'translate-fr', 'This package contains the documentation.']),
  )
  await step('edt serve: its page, and an answer', async () => {
    const server = spawn(edt, ['serve', '--port', '0', '--log-level', 'silent'], { cwd: project })
    try {
      const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
      const url = /http:\S+/.exec((await lines.next()).value ?? '')?.[0] ?? 'edt serve told no address'
      const page = await textOf(`${url}/`)
      for (const [, path] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) await textOf(url + path)
      const headers = { 'content-type': 'application/json' }
      await textOf(`${url}/v1/completions`, { method: 'POST', headers, body: '{"prompt": "Describe hello:"}' })
    } finally {
      server.kill()
      await once(server, 'exit')
    }
  })
  await step('every subpath', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    for (const subpath of Object.keys(exports).filter((path) => path !== './package.json')) {
      const name = `edt-tuner${subpath.slice(1)}`
      const code = `const all = await import('${name}'); if (Object.keys(all).length === 0) throw new Error('empty')`
      await run(process.execPath, ['--input-type=module', '--eval', code])
    }
  })
  const examples = (await readdir(join(root, 'examples'))).filter((file) => !file.endsWith('.test.ts'))
  await mkdir(join(project, 'examples'))
  for (const file of examples) await cp(join(root, 'examples', file), join(project, 'examples', file))
  await writeFile(join(project, 'examples', 'readme.ts'), await readmeSnippet())
  await step('types of the examples and the README', async () => {
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
    }
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['examples'] }))
    await run(tool('tsc'), ['--project', project])
  })
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')
  for (const file of [...examples, 'readme.ts']) {
    if (file === 'chat.ts' && !hasSmolLM2) console.log('--  examples/chat.ts SKIPPED: set EDT_SMOLLM2 to a chat model')
    else
      await step(`examples/${file}`, () =>
        run(process.execPath, ['--import', tsx, join('examples', file)], project, { EDT_CHAT_MODEL: smolLM2Folder }),
      )
  }
} finally {
  await rm(project, { recursive: true, force: true })
}

/** What a server answers; an error unless it is a success. */
async function textOf(url: string, request?: RequestInit): Promise<string> {
  const response = await fetch(url, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`)
  return text
}

/** What npm prints as JSON, without the lines of the build before it. */
function jsonOf(output: string): string {
  return output.slice(output.indexOf('\n[') + 1)
}
