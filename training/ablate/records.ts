import { createHash } from 'node:crypto'
import { z } from 'zod'
import { createRule, createSampler } from '../../src/sampling/index.js'
import type { RolloutJob, RolloutSpec } from '../types.js'

const key = {
  /** Key of the prompt. */
  prompt: z.string().min(1),
  /** Digest of the job that the record is the outcome of. */
  job: z.string().min(1),
}

/** What the tuners read of a prompt. */
const featuresRecord = z.strictObject({
  kind: z.literal('features'),
  ...key,
  /** Float32 numbers, little-endian, in base64. */
  values: z.base64(),
})

/** What the numbers of the features are called; the same for all prompts. */
const featureNamesRecord = z.strictObject({
  kind: z.literal('feature-names'),
  version: z.int(),
  names: z.array(z.string()),
})

/** The prompt does not fit into the model's context. */
const skippedRecord = z.strictObject({ kind: z.literal('skipped'), ...key })

const token = z.strictObject({
  text: z.string(),
  entropy: z.number(),
  temperature: z.number(),
  probability: z.number(),
})

const sample = z.strictObject({
  text: z.string(),
  tokenCount: z.number(),
  meanEntropy: z.number(),
  meanTemperature: z.number(),
  quality: z.number(),
  trace: z.array(token).optional(),
})

/** Every score behind a rollout's means. */
const scores = z.strictObject({
  /** One number a sample. */
  quality: z.array(z.number()).min(2),
  /** One number a group of samples. */
  selfBleu: z.array(z.number()).min(2),
})

const rollout = z.strictObject({
  /** {@link specKey} of what was drawn. */
  spec: z.string().min(1),
  quality: z.number(),
  selfBleu: z.number(),
  /** Only where somebody reads them. */
  samples: z.array(sample).min(1).optional(),
  /** Only for the oracle, whose thousand texts of a prompt nobody reads. */
  scores: scores.optional(),
})

/** What rollouts are drawn for. */
const purposes = ['tuning', 'strategies', 'oracle', 'curves', 'examples'] as const

/** Rollouts of one prompt, of any tuner: under one name there may be several, which differ in what was drawn. */
const rolloutsRecord = z.strictObject({
  kind: z.literal('rollouts'),
  purpose: z.enum(purposes),
  ...key,
  qualitySignature: z.string(),
  selfBleuSignature: z.string(),
  /** By strategy, or by point of a curve. */
  rollouts: z.record(z.string(), rollout),
})

/** What the timing pass measured, of all strategies. */
const timingRecord = z.strictObject({
  kind: z.literal('timing'),
  /** Digest of what was timed. */
  job: z.string().min(1),
  costs: z.record(
    z.string(),
    z.strictObject({
      tokensPerSecond: z.number(),
      relativeSpeed: z.number().optional(),
      peakMemoryBytes: z.number(),
      peakCacheBytes: z.number(),
    }),
  ),
})

/** One line of an ablation's `rollouts.jsonl`: the outcome of one job. */
export const recordSchema = z.discriminatedUnion('kind', [
  featuresRecord,
  featureNamesRecord,
  skippedRecord,
  rolloutsRecord,
  timingRecord,
])

export type AblationRecord = z.infer<typeof recordSchema>
export type RolloutsRecord = z.infer<typeof rolloutsRecord>
export type StoredRollout = z.infer<typeof rollout>
export type StoredSample = z.infer<typeof sample>
export type RolloutScores = z.infer<typeof scores>
export type Purpose = (typeof purposes)[number]

/** 16 hex digits of a SHA-256 over all of a value; of a job: prompt, references, strategies, seed. */
export function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}

/** Digest of a job without what is drawn: it changes when the prompt, its references or the seed do. */
export function promptDigest(job: RolloutJob): string {
  return digestOf({ ...job, rollouts: [], streamKeys: [], wantFeatures: false })
}

/** Rollouts of equal keys are drawn alike, e.g. `edt|t0:1|theta:0.5|base:0.8|top_p:0.95 × 10`. */
export function specKey({ strategy, truncation, samples, trace }: RolloutSpec): string {
  const { signature } = createSampler({ rule: createRule(strategy), truncation })
  return `${signature} × ${samples}${trace ? ' traced' : ''}`
}
