import { bytes, count, duration, facts, significant, table } from '../src/cli/format.js'
import type { Tally } from './tally.js'
import type { Check } from './verdict.js'
import type { Reading } from './watched-server.js'

/** Everything that a soak found, as the JSON file holds it. */
export interface SoakReport {
  conditions: Record<string, string | number>
  clients: number
  /** Of load, the warm-up included. */
  seconds: number
  warmUp: number
  tally: Tally
  checks: Check[]
  readings: Reading[]
}

/** How many lines of readings are printed. */
const LINES = 12

export function renderReport({ conditions, clients, seconds, warmUp, tally, checks, readings }: SoakReport): string {
  const every = Math.max(1, Math.ceil(readings.length / LINES))
  const shown = readings.filter((_, i) => i % every === 0 || i === readings.length - 1)
  const visits = Object.entries(tally.counts).sort((a, b) => b[1] - a[1])
  return [
    `${clients} clients for ${duration(seconds)}, the first ${duration(warmUp)} of them warm-up`,
    facts(Object.entries(conditions).map(([name, value]) => [name, String(value)])),
    '',
    'What the clients met',
    facts(visits.map(([what, number]) => [what, number.toLocaleString('en-US')])),
    facts([
      [
        'tokens of complete answers',
        `${tally.tokens.toLocaleString('en-US')}, ${significant(tally.tokens / seconds, 3)} a second`,
      ],
    ]),
    '',
    table(
      ['time', 'HTTP process', 'its heap', 'model process', 'event loop p99', 'most work', 'max'],
      shown.map((reading) => [
        duration(reading.seconds),
        ...[reading.serverRss, reading.serverHeap, reading.modelRss].map(memory),
        ...[reading.loop.p99, reading.loop.work, reading.loop.max].map((delay) => `${delay.toFixed(0)} ms`),
      ]),
      Array(7).fill('right'),
    ),
    '',
    ...checks.map(({ name, holds, detail }) => `${holds ? 'holds ' : 'FAILED'}  ${name}: ${detail}`),
    ...tally.faults.map(({ client, problem }) => `  ${client}: ${problem}`),
  ].join('\n')
}

/** One line while the load is on. */
export function describeMoment({ seconds, serverRss, modelRss }: Reading, { counts, faultCount }: Tally): string {
  return `${duration(seconds)}: ${count(counts.streams ?? 0, 'stream')}, ${count(faultCount, 'fault')}, ${memory(serverRss)} + ${memory(modelRss)}`
}

function memory(size: number): string {
  return Number.isNaN(size) ? 'not told' : bytes(size)
}
