import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type CampaignResult, type Target, ViolationError } from './types.js'
import { checkPrototypes, judgeRefusal } from './verdict.js'

export interface CampaignOptions {
  /** Generated inputs; the corpus comes on top. */
  runs: number
  seed: number
  /** Go on from this input of the seed, e.g. the one that a failure names. @default the first */
  path?: string
  /** Longest time of one input, ms. */
  deadlineMs: number
  /** Called before each input. */
  onInput?: (inputs: number) => void
}

const MEGABYTE = 2 ** 20

/** Resident memory that one target may take, all included, MB. */
const MOST_MEMORY_MB = 2500

/** Tries inputs on a target until all are tried or one is not taken well; that one is made as small as it gets. */
export async function runCampaign(
  target: Target,
  { runs, seed, path, deadlineMs, onInput }: CampaignOptions,
): Promise<CampaignResult> {
  const folder = await mkdtemp(join(tmpdir(), `edt-fuzz-${target.name}-`))
  const session = await target.open(folder)
  const result: CampaignResult = {
    ...{ target: target.name, about: target.about, seed, inputs: 0, corpus: session.corpus.length, accepted: 0 },
    ...{ refused: {}, seconds: 0, slowestMs: 0, peakMemoryMb: 0 },
  }
  const started = performance.now()
  // Inputs that fast-check tries in order to make a failure smaller are not counted.
  let failed = false
  const attempt = async (input: unknown): Promise<void> => {
    onInput?.(result.inputs)
    const began = performance.now()
    let refusal: string | undefined
    try {
      await session.attempt(input)
    } catch (error) {
      refusal = judgeRefusal(error)
    }
    checkPrototypes()
    const took = performance.now() - began
    if (took > deadlineMs) throw new ViolationError(`took ${Math.round(took)} ms, the deadline is ${deadlineMs} ms`)
    const memory = process.memoryUsage.rss() / MEGABYTE
    if (memory > MOST_MEMORY_MB) throw new ViolationError(`the process takes ${Math.round(memory)} MB after it`)
    if (failed) return
    result.inputs++
    result.slowestMs = Math.max(result.slowestMs, Math.round(took))
    if (refusal === undefined) result.accepted++
    else result.refused[refusal] = (result.refused[refusal] ?? 0) + 1
  }
  const counted = async (input: unknown): Promise<void> => {
    try {
      await attempt(input)
    } catch (error) {
      failed = true
      throw error
    }
  }
  try {
    const details = await fc.check(fc.asyncProperty(session.inputs, counted), {
      ...{ seed, numRuns: runs + session.corpus.length, examples: session.corpus.map((input): [unknown] => [input]) },
      ...(path === undefined ? {} : { path }),
      interruptAfterTimeLimit: 24 * 3600_000,
    })
    if (details.failed) {
      const { errorInstance, counterexample, counterexamplePath } = details
      const problem = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
      const input = fc.stringify(readable(counterexample?.[0])).slice(0, 3000)
      result.failure = { problem, input, path: counterexamplePath ?? '' }
    }
  } finally {
    await session.close?.()
    await rm(folder, { recursive: true, force: true })
  }
  result.seconds = Math.round((performance.now() - started) / 100) / 10
  result.peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024)
  return result
}

/** The same value with its bytes as text where they are some. */
function readable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) {
    const text = value.toString('utf8')
    return Buffer.from(text).equals(value) ? text : `base64:${value.toString('base64')}`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]))
}
