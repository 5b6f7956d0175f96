import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { RolloutJob } from '../types.js'

const key = {
  /** Key of the prompt. */
  prompt: z.string().min(1),
  /** {@link jobDigest} of the job that the record is the outcome of. */
  job: z.string().min(1),
}

const sample = z.strictObject({
  text: z.string(),
  tokenCount: z.number(),
  meanEntropy: z.number(),
  meanTemperature: z.number(),
  quality: z.number(),
})

const predictionRecord = z.strictObject({ kind: z.literal('prediction'), ...key, t0: z.number(), theta: z.number() })

/** The prompt does not fit into the model's context. */
const skippedRecord = z.strictObject({ kind: z.literal('skipped'), ...key })

const strategiesRecord = z.strictObject({
  kind: z.literal('strategies'),
  ...key,
  qualitySignature: z.string(),
  selfBleuSignature: z.string(),
  /** By strategy. */
  rollouts: z.record(
    z.string(),
    z.strictObject({ quality: z.number(), selfBleu: z.number(), samples: z.array(sample).min(1) }),
  ),
})

const oracleRollout = z.strictObject({
  /** One number a sample. */
  quality: z.array(z.number()).min(2),
  /** One number a group of samples. */
  selfBleu: z.array(z.number()).min(2),
})

/** The oracle's rollouts: scores only, since nobody reads a thousand texts of one prompt. */
const oracleRecord = z.strictObject({
  kind: z.literal('oracle'),
  ...key,
  cells: z.array(oracleRollout).min(1),
  bestFixed: oracleRollout,
  learned: oracleRollout,
})

/** One line of an ablation's `rollouts.jsonl`: the outcome of one job. */
export const recordSchema = z.discriminatedUnion('kind', [
  predictionRecord,
  skippedRecord,
  strategiesRecord,
  oracleRecord,
])

export type AblationRecord = z.infer<typeof recordSchema>
export type StrategiesRecord = z.infer<typeof strategiesRecord>
export type OracleRecord = z.infer<typeof oracleRecord>
export type OracleRollout = z.infer<typeof oracleRollout>

/** 16 hex digits of a SHA-256 over all of a job: prompt, references, strategies, seed. */
export function jobDigest(job: RolloutJob): string {
  return createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 16)
}
