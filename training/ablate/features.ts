import type { FeatureVector } from '../../src/features/types.js'
import { featureJob } from './jobs.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import { type AblationRecord, promptDigest } from './records.js'
import { resultOf, runPhase } from './run-phase.js'
import type { AblationPrompt } from './types.js'

/**
 * What the tuners read of each prompt, by key. It is kept as it is and not as what one tuner makes of it, so that other tuners and other
 * balances need no second pass. Prompts that do not fit into the context are noted in the journal and missing here.
 */
export async function readFeatures(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  options: CompleteOptions,
): Promise<Map<string, FeatureVector>> {
  let namesKnown = false
  for await (const record of journal.records()) namesKnown ||= record.kind === 'feature-names'
  await runPhase(journal, options, {
    name: 'features',
    prompts,
    jobFor: (prompt) => {
      const job = featureJob(prompt, options)
      return journal.isFinished('features', prompt.promptId, promptDigest(job)) ? undefined : job
    },
    toRecords: (outcome, job) => {
      const key = { prompt: outcome.promptId, job: promptDigest(job) }
      if (outcome.overflow !== undefined) return [{ kind: 'skipped', ...key }]
      const { version, names, values } = resultOf(outcome).features!
      const records: AblationRecord[] = [{ kind: 'features', ...key, values: encode(values) }]
      if (!namesKnown) records.unshift({ kind: 'feature-names', version, names: [...names] })
      namesKnown = true
      return records
    },
  })
  return storedFeatures(journal, new Set(prompts.map(({ promptId }) => promptId)))
}

async function storedFeatures(journal: Journal, wanted: ReadonlySet<string>): Promise<Map<string, FeatureVector>> {
  const features = new Map<string, FeatureVector>()
  let named: Pick<FeatureVector, 'version' | 'names'> | undefined
  for await (const record of journal.records()) {
    if (record.kind === 'feature-names') named = { version: record.version, names: record.names }
    if (record.kind === 'features' && wanted.has(record.prompt)) {
      // Names are written before the first features.
      features.set(record.prompt, { ...named!, values: decode(record.values) })
    }
  }
  return features
}

function encode(values: Float32Array): string {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i)
  return bytes.toString('base64')
}

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
}
