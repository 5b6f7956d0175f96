import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomStream } from '../../src/sampling/index.js'
import type { Reference } from './reference.js'
import { type Fault, type FaultResult, UnexpectedError } from './types.js'

export interface CampaignOptions {
  rounds: number
  seed: number
  /** For the runs; what failed stays in it. */
  folder: string
  reference: Reference
  onRound?: (round: number) => void
}

/** After so many failures of one kind the rest would tell nothing new. */
const MOST_FAILURES = 5

/** Injects one kind of fault again and again. Never throws: what is wrong stands in the result. */
export async function runFault(fault: Fault, options: CampaignOptions): Promise<FaultResult> {
  const { name, about } = fault
  const result: FaultResult = { name, about, rounds: 0, faults: 0, outcomes: {}, seconds: 0, failures: [] }
  const skipped = fault.missing?.()
  if (skipped !== undefined) return { ...result, skipped }
  const started = performance.now()
  const folder = join(options.folder, name)
  await mkdir(folder, { recursive: true })
  const random = randomStream(options.seed, name)
  const session = await fault.open({ folder, random, reference: options.reference })
  const attempt = async (round: number, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      const problem = error instanceof UnexpectedError ? error.message : `${(error as Error).stack ?? error}`
      result.failures.push({ round, problem })
    }
  }
  for (let round = 0; round < options.rounds && result.failures.length < MOST_FAILURES; round++) {
    options.onRound?.(round)
    await attempt(round, async () => {
      for (const outcome of [await session.round(round)].flat()) {
        result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1
      }
    })
    result.rounds++
    result.faults += fault.perRound ?? 1
  }
  await attempt(options.rounds, async () => session.close?.())
  if (result.failures.length === 0) await rm(folder, { recursive: true, force: true })
  return { ...result, seconds: Math.round((performance.now() - started) / 1000) }
}
