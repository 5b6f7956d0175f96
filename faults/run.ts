/** `npm run test:faults`: faults of every kind, injected at random moments and places into small real runs. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { listOf, readFlags, whole } from '../scripts/flags.js'
import { table } from '../src/cli/format.js'
import { VERSION } from '../src/version.js'
import { runFault } from './harness/campaign.js'
import { undisturbedRun } from './harness/reference.js'
import type { FaultResult } from './harness/types.js'
import { faults } from './kinds/index.js'

const USAGE = `npm run test:faults -- [--rounds N] [--only NAME,…] [--seed N] [--out FILE]

  --rounds N    rounds of each kind of fault (default 50)
  --only NAME   only these kinds, with commas: ${faults.map(({ name }) => name).join(', ')}
  --seed N      decides moments and places (default: another one each time; it is printed)
  --out FILE    the counts as JSON (default faults/results.json)

  npm run test:faults
  npm run test:faults -- --only kill-collector,disk-full --rounds 5`

const { rounds, seed, only, out } = readFlags(
  USAGE,
  {
    rounds: { type: 'string', default: '50' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    out: { type: 'string', default: 'faults/results.json' },
  },
  z.object({
    rounds: whole(1),
    only: listOf(z.enum(faults.map(({ name }) => name))).optional(),
    seed: whole(0),
    out: z.string(),
  }),
)
const wanted = faults.filter(({ name }) => only?.includes(name) ?? true)

const say = (text: string) => console.error(`… ${text}`)
say(`${wanted.length} kinds of faults, ${rounds} rounds each, seed ${seed}`)
const folder = await mkdtemp(join(tmpdir(), 'edt-faults-'))
say('the undisturbed run')
const reference = await undisturbedRun(join(folder, 'undisturbed'))
const results: FaultResult[] = []
for (const fault of wanted) {
  const onRound = (round: number) => round % 10 === 0 && say(`${fault.name}: round ${round + 1} of ${rounds}`)
  const result = await runFault(fault, { rounds, seed, folder, reference, onRound })
  results.push(result)
  say(describe(result))
  await save(results)
}
console.log(
  table(['fault', 'rounds', 'faults', 'seconds', 'failed', 'what came of it'], results.flatMap(rowsOf), [
    'left',
    'right',
    'right',
    'right',
    'right',
    'left',
  ]),
)
for (const { name, failures } of results) {
  for (const { round, problem } of failures) console.log(`FAILED ${name}, round ${round}: ${problem}`)
}
const failed = results.reduce((sum, { failures }) => sum + failures.length, 0)
const injected = results.reduce((sum, result) => sum + result.faults, 0)
console.log(`${injected} faults, ${failed} failures, seed ${seed}; counts in ${out}`)
if (failed === 0) await rm(folder, { recursive: true, force: true })
else console.log(`The runs that failed lie in ${folder}`)
process.exitCode = failed === 0 ? 0 : 1

/** After every kind, so that a suite that is stopped leaves what it has. */
async function save(results: readonly FaultResult[]): Promise<void> {
  await mkdir(dirname(out), { recursive: true })
  const conditions = { version: VERSION, node: process.version, date: new Date().toISOString(), rounds, seed }
  await writeFile(out, `${JSON.stringify({ ...conditions, results }, null, 2)}\n`)
}

function describe({ name, rounds, failures, skipped, seconds }: FaultResult): string {
  if (skipped !== undefined) return `${name}: SKIPPED, ${skipped}`
  return `${name}: ${rounds} rounds in ${seconds} s, ${failures.length} failures`
}

function rowsOf({ name, rounds, faults, seconds, failures, outcomes, skipped }: FaultResult): string[][] {
  if (skipped !== undefined) return [[name, '0', '0', '0', '', `SKIPPED: ${skipped}`]]
  const lines = Object.entries(outcomes).sort(([, a], [, b]) => b - a)
  const facts = lines.map(([what, count]) => `${count} × ${what}`)
  const [first = '', ...others] = facts
  const counts = [rounds, faults, seconds, failures.length].map(String)
  return [[name, ...counts, first], ...others.map((fact) => ['', '', '', '', '', fact])]
}
