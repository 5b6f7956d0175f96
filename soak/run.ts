/**
 * `npm run test:soak`: the server under the load of many streaming clients that come, dawdle and vanish, with hostile requests in between. Every
 * complete answer is compared with what `generate()` gives for its seed.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readFlags, whole } from '../scripts/flags.js'
import { VERSION } from '../src/version.js'
import { closeConnections, runCrowd } from './clients/index.js'
import { knownCases } from './known.js'
import { describeMoment, renderReport } from './report.js'
import { finalMetrics } from './server-metrics.js'
import { Tally } from './tally.js'
import { checksOf } from './verdict.js'
import { type Reading, startWatchedServer } from './watched-server.js'

const USAGE = `npm run test:soak -- [--clients N] [--minutes M] [--cases N] [--seed N] [--max-rows N] [--out FILE]

  --clients N   clients at any moment (default 200)
  --minutes M   how long new requests come (default 10; a part of a minute is fine)
  --cases N     different requests whose answers are known (default 60)
  --seed N      what the clients do (default 1)
  --max-rows N  answers that the server decodes at once (default 256)
  --out FILE    the report as JSON (default runs/soak/report.json)

  npm run test:soak
  npm run test:soak -- --clients 20 --minutes 0.5`

const flags = readFlags(
  USAGE,
  {
    clients: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '10' },
    cases: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'max-rows': { type: 'string', default: '256' },
    out: { type: 'string', default: 'runs/soak/report.json' },
  },
  z.object({
    clients: whole(1),
    minutes: z.coerce.number('expected a number').positive('expected more than 0'),
    cases: whole(1).max(1500, 'expected at most 1500'),
    seed: whole(0),
    'max-rows': whole(8),
    out: z.string(),
  }),
)
const { clients, minutes, cases, seed, 'max-rows': maxRows, out } = flags
const seconds = 60 * minutes
/** The first fifth, but never more than two minutes: caches fill, code is compiled, pools grow. */
const warmUp = Math.min(120, 0.2 * seconds)
const READ_EVERY = Math.max(1, Math.min(5, seconds / 40))

const say = (text: string) => console.error(`… ${text}`)
say(`generate() answers ${cases} prompts`)
const known = await knownCases(cases)
const apiKey = randomUUID()
say('the server starts')
const server = await startWatchedServer({
  ...{ model: 'debian-6m', tuner: 'debian-6m/universal', port: 0, apiKey },
  ...{ maxRows, maxQueue: 2 * clients },
})
const target = { url: server.url, apiKey }
const stop = new AbortController()
let stoppedAt = 0
process.on('SIGINT', () => {
  // The terminal and npm both pass on one Ctrl-C: only a later one is a second wish.
  if (stop.signal.aborted && performance.now() - stoppedAt > 1000) process.exit(130)
  stoppedAt ||= performance.now()
  stop.abort()
})
const tally = new Tally()
const readings: Reading[] = []
await server.watch()
say(`${clients} clients for ${minutes} min at ${server.url}`)
const timer = setInterval(async () => {
  const reading = await server.read()
  readings.push(reading)
  if (readings.length % 12 === 0) say(describeMoment(reading, tally))
}, 1000 * READ_EVERY)
const heaps = [warmUp, seconds].map(async (at) => {
  await sleep(1000 * at, undefined, { signal: stop.signal }).catch(() => undefined)
  return server.liveHeap()
})
await runCrowd({ target, cases: known, tally, clients, seconds, seed, signal: stop.signal })
clearInterval(timer)
const [first, last] = await Promise.all(heaps)
const found = await finalMetrics(target)
closeConnections()
const exit = await server.close()

const report = {
  conditions: {
    version: VERSION,
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0]?.model}`,
    'load average': loadavg()[1].toFixed(1),
    date: new Date().toISOString(),
  },
  ...{ clients, seconds, warmUp, tally, readings },
  checks: checksOf(readings, { warmUp, seconds }, tally, { ...found, liveHeap: { first, last }, exit }),
}
console.log(renderReport(report))
await mkdir(dirname(out), { recursive: true })
await writeFile(out, `${JSON.stringify(report, null, 2)}\n`)
say(`written to ${out}`)
process.exitCode = report.checks.every(({ holds }) => holds) ? 0 : 1
