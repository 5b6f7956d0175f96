/** `npm run test:fuzz`: hands every surface that takes what others wrote thousands of generated inputs, each surface in a process of its own. */
import { fork } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { listOf, readFlags, whole } from '../scripts/flags.js'
import type { CampaignResult, Target } from './harness/types.js'
import { targets } from './targets/index.js'

/** Longest time of one input; what takes longer hangs. Generous, because the machine may be busy. */
const DEADLINE_MS = 20_000

const names = targets.map(({ name }) => name)
const USAGE = `npm run test:fuzz -- [--runs N] [--only NAME,…] [--seed N] [--path PATH] [--out FILE]

  --runs N      generated inputs of each surface (default 10000)
  --only NAME   only these surfaces, with commas: ${names.join(', ')}
  --seed N      decides the inputs (default: another one each time; it is printed)
  --path PATH   goes straight to an input that failed, as the failure's message says
  --out FILE    the counts as JSON (default fuzz/results.json)

  npm run test:fuzz
  npm run test:fuzz -- --only checkpoint,journal --runs 500`

const { runs, seed, only, path, out } = readFlags(
  USAGE,
  {
    runs: { type: 'string', default: '10000' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    path: { type: 'string' },
    out: { type: 'string', default: 'fuzz/results.json' },
  },
  z.object({
    runs: whole(1),
    only: listOf(z.enum(names)).optional(),
    seed: whole(0),
    path: z.string().optional(),
    out: z.string(),
  }),
)
const wanted = targets.filter(({ name }) => only?.includes(name) ?? true)

console.log(
  `Fuzzing ${wanted.length} surfaces with ${runs.toLocaleString('en-US')} generated inputs each, seed ${seed}`,
)
const results: CampaignResult[] = []
for (const target of wanted) {
  const result = await attack(target)
  results.push(result)
  const refused = Object.entries(result.refused).sort(([, a], [, b]) => b - a)
  const verdict = result.failure === undefined ? 'ok  ' : 'FAIL'
  console.log(
    `${verdict} ${target.name}: ${result.inputs} inputs (${result.corpus} of them from the corpus), ${result.accepted} accepted, ` +
      `${refused.map(([name, count]) => `${count} ${name}`).join(', ') || 'none refused'}; ` +
      `${result.seconds} s, slowest ${result.slowestMs} ms, peak ${result.peakMemoryMb} MB`,
  )
  if (result.failure !== undefined) {
    const { problem, input, path } = result.failure
    console.log(`  ${problem}\n  input: ${input}`)
    console.log(`  again: npm run test:fuzz -- --only ${target.name} --seed ${seed} --runs ${runs} --path ${path}`)
  }
}
await mkdir(dirname(out), { recursive: true })
await writeFile(out, `${JSON.stringify({ runs, seed, node: process.version, results }, null, 2)}\n`)
const inputs = results.reduce((sum, result) => sum + result.inputs, 0)
const failed = results.filter(({ failure }) => failure !== undefined)
console.log(`${inputs.toLocaleString('en-US')} inputs, ${failed.length} surfaces failed; counts in ${out}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Runs one target in a child, and ends the child when it shows no sign of life for too long. */
function attack({ name, about }: Target): Promise<CampaignResult> {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = fork(fileURLToPath(new URL('./harness/child.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx', '--max-old-space-size=1536'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let inputs = 0
    let alive = performance.now()
    let result: CampaignResult | undefined
    let errors = ''
    let hung = false
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000)
    })
    child.on('message', (message: { input?: number; result?: CampaignResult }) => {
      alive = performance.now()
      inputs = message.input ?? inputs
      result = message.result ?? result
    })
    const watch = setInterval(() => {
      // Twice the deadline: an input that is merely slow is reported by the child itself, with its text.
      if (performance.now() - alive < 2 * DEADLINE_MS + 20_000) return
      hung = true
      child.kill('SIGKILL')
    }, 1000)
    child.on('close', (code, signal) => {
      clearInterval(watch)
      if (result !== undefined) return resolve(result)
      const problem = hung ? 'the process hangs' : `the process died (${signal ?? `code ${code}`}): ${errors}`
      const seconds = Math.round((performance.now() - started) / 1000)
      const failure = { problem, input: 'not known: the process could not tell', path: String(inputs) }
      resolve({
        ...{ target: name, about, seed, inputs, corpus: 0, accepted: 0, refused: {}, seconds },
        ...{ slowestMs: 0, peakMemoryMb: 0, failure },
      })
    })
    child.send({
      name,
      runs,
      seed,
      deadlineMs: DEADLINE_MS,
      ...(path === undefined ? {} : { path }),
    })
  })
}
