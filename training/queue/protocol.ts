import { FEATURE_VERSION } from '../../src/features/index.js'
import { SAMPLER_VERSION } from '../../src/sampling/index.js'
import { digestOf } from '../ablate/records.js'
import type { ModelDescription } from '../collect/types.js'
import type { RolloutJob } from '../types.js'

/** Several runs may share a Redis, and even a queue. */
export const DEFAULT_QUEUE = 'edt-rollouts'

/** Everything of a worker that decides a job's numbers. */
export interface Requirements {
  model: string
  vocabularyHash: string
  dtype: string
  /** Of the weight files; left out where the planner cannot know it. */
  weightsHash?: string
  samplerVersion: number
  featureVersion: number
  /** Most rows in a batch: other sizes round differently. */
  maxRows: number
}

/** A job in the queue; it holds all of its task (prompt, references, metric, stop strings), so workers need no task files. */
export interface QueuedJob {
  job: RolloutJob
  requires: Requirements
}

export function requirementsOf(model: ModelDescription, maxRows: number): Requirements {
  const { id, vocabularyHash, dtype, weightsHash } = model
  return {
    ...{ model: id, vocabularyHash, dtype },
    ...(weightsHash === undefined ? {} : { weightsHash }),
    ...{ samplerVersion: SAMPLER_VERSION, featureVersion: FEATURE_VERSION, maxRows },
  }
}

/** The same job has the same id, whoever plans it and how often. */
export function jobIdOf(queued: QueuedJob): string {
  // BullMQ takes no id of digits alone.
  return `job-${digestOf(queued)}`
}

/** What is wrong about giving a job to a worker, in a few words; undefined when nothing is. */
export function misfit(wanted: Requirements, has: Requirements): string | undefined {
  for (const [name, label] of [
    ['model', 'model'],
    ['vocabularyHash', 'vocabulary hash'],
    ['dtype', 'dtype'],
    ['weightsHash', 'weights hash'],
    ['samplerVersion', 'sampler version'],
    ['featureVersion', 'feature version'],
    ['maxRows', 'rows in a batch'],
  ] as const) {
    if (wanted[name] === undefined || has[name] === undefined || wanted[name] === has[name]) continue
    return `the job wants ${label} ${wanted[name]}, but this worker has ${has[name]}`
  }
  return undefined
}
