import { stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { RolloutJob } from '../types.js'
import type { Probe } from './probe.js'

/** How fast samples are drawn. */
export interface MeasuredRate {
  samplesPerSecond: number
  /** Prompts that it was measured on. */
  prompts: number
}

/** What a run would cost from here on. */
export interface CostEstimate {
  /** Prompts of the plan, and those of them without an outcome. */
  total: number
  left: number
  cells: number
  samplesPerCell: number
  /** To be drawn: `left · cells · samplesPerCell`. */
  samples: number
  /** Undefined where nothing was measured: on the machines of a queue. */
  rate?: MeasuredRate & { source: 'probe' | 'earlier session' }
  seconds?: number
  /** That the store will grow by. */
  bytes?: number
  /** Free on the store's disk. */
  freeBytes: number
}

export interface EstimateOptions {
  storePath: string
  /** Prompts of the plan. */
  total: number
  /** Jobs of those without an outcome. */
  jobs: readonly RolloutJob[]
  /** Does a few of the jobs, unless an earlier rate is known; left out where jobs are done elsewhere. */
  probe?: () => Promise<Probe>
  /** Processes at once. */
  workers: number
  /** What an earlier session of the same run on this machine measured. */
  earlier?: MeasuredRate
}

/** An earlier session that drew fewer prompts says less than a probe. */
const LEAST_PROMPTS = 12

/** @throws as the probe */
export async function estimateCost(options: EstimateOptions): Promise<CostEstimate> {
  const { storePath, total, jobs, workers, earlier } = options
  const left = jobs.length
  const cells = jobs[0]?.rollouts.length ?? 0
  const samplesPerCell = jobs[0]?.rollouts[0].samples ?? 0
  const samples = left * cells * samplesPerCell
  const plan = { total, left, cells, samplesPerCell, samples, freeBytes: await freeBytes(storePath) }
  if (left === 0) return { ...plan, seconds: 0, bytes: 0 }
  const done = total - left
  const size = await stat(storePath).then(
    (file) => file.size,
    () => 0,
  )
  if (earlier !== undefined && earlier.prompts >= LEAST_PROMPTS && done >= LEAST_PROMPTS) {
    const rate = { ...earlier, source: 'earlier session' } as const
    return { ...plan, rate, seconds: samples / rate.samplesPerSecond, bytes: (size / done) * left }
  }
  if (options.probe === undefined) return plan
  const probe = await options.probe()
  // A probe of prompts that are all too long for the model says nothing.
  if (probe.samples === 0) return plan
  const samplesPerSecond = (probe.samples / probe.busySeconds) * Math.max(1, workers)
  const rate = { samplesPerSecond, prompts: probe.prompts, source: 'probe' } as const
  return { ...plan, rate, seconds: samples / samplesPerSecond, bytes: diskBytes(probe, left, size) }
}

/** What a store of no prompts grows by with its first ones: every column of every table takes blocks of its own. */
const FIRST_BYTES = 4e6
/** Of each sample: all but its text. */
const SAMPLE_BYTES = 60
const FEATURE_BYTES = 4

/**
 * Fitted to two runs: 3,750 prompts of 175 samples took 107 MB (116 by this formula), 249 of 100 took 8.9 MB (8.5). Texts are compressed, but the
 * blocks of old states are free space in the file; the two nearly cancel out.
 */
function diskBytes({ prompts, samples, textBytes, features }: Probe, left: number, size: number): number {
  const each = (textBytes + SAMPLE_BYTES * samples + FEATURE_BYTES * features) / prompts
  return each * left + Math.max(0, FIRST_BYTES - size)
}

/** On the disk of a file that need not exist, nor its folders. */
async function freeBytes(path: string): Promise<number> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => undefined)
    if (found !== undefined) return found.bavail * found.bsize
    if (folder === dirname(folder)) return Number.POSITIVE_INFINITY
  }
}
