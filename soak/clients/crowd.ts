import { setTimeout as sleep } from 'node:timers/promises'
import { randomStream } from '../../src/sampling/index.js'
import type { KnownCase } from '../known.js'
import type { Tally } from '../tally.js'
import { attacker } from './hostile.js'
import type { Target } from './http.js'
import { dawdler, leaver, reader, wholeReader } from './readers.js'
import { stuckReader } from './stuck.js'
import type { Client } from './types.js'

export interface CrowdOptions {
  target: Target
  cases: readonly KnownCase[]
  tally: Tally
  /** Clients at any moment that ask for known answers, nearly all of them streamed. */
  clients: number
  /** How long new visits begin. */
  seconds: number
  seed: number
  signal: AbortSignal
}

/** What the clients do, and how often. */
const MANNERS: readonly (readonly [Client, share: number])[] = [
  [reader, 0.65],
  [leaver, 0.2],
  [dawdler, 0.1],
  [wholeReader, 0.05],
]
const ATTACKERS = 2
const STUCK_READERS = 1
const MOST_PATIENCE = 40_000
/** An attacker's rest between two attacks, milliseconds. */
const REST = 100

/**
 * Keeps `clients` honest clients at the server, and a few hostile and stuck ones besides, until the time is over; then waits for the last of them.
 * Each begins its next visit when the last one has ended.
 */
export async function runCrowd({ clients, seconds, signal, tally, ...rest }: CrowdOptions): Promise<void> {
  const end = performance.now() + 1000 * seconds
  const patience = Math.min(MOST_PATIENCE, 250 * seconds)
  const life = async (name: string, next: (random: () => number) => Client, pause = 0) => {
    const random = randomStream(rest.seed, name)
    // Nobody comes in step.
    await sleep(500 * random.next())
    while (performance.now() < end && !signal.aborted) {
      tally.open++
      await next(() => random.next())({ ...rest, tally, random, patience }).catch((error: Error) =>
        tally.fault(name, `${error.name}: ${error.message}`),
      )
      tally.open--
      if (pause > 0) await sleep(pause)
    }
  }
  await Promise.all([
    ...times(clients, (i) => life(`client ${i}`, (random) => drawManner(random()))),
    ...times(ATTACKERS, (i) => life(`attacker ${i}`, () => attacker, REST)),
    ...times(STUCK_READERS, (i) => life(`stuck reader ${i}`, () => stuckReader)),
  ])
}

function drawManner(uniform: number): Client {
  let left = uniform
  for (const [client, share] of MANNERS) {
    left -= share
    if (left < 0) return client
  }
  return MANNERS[0][0]
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
