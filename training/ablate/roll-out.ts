import type { RolloutResult, RolloutSpec } from '../types.js'
import { rolloutJob } from './jobs.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import { type Purpose, promptDigest, type RolloutsRecord, type StoredRollout, specKey } from './records.js'
import { type Phase, resultOf, runPhase } from './run-phase.js'
import type { AblationPrompt } from './types.js'

/** Rollouts to be drawn of several prompts. */
export interface RolloutPlan extends Pick<Phase, 'progress' | 'prompts'> {
  purpose: Purpose
  /** What to draw of a prompt, by name. */
  rolloutsFor(prompt: AblationPrompt): Record<string, RolloutSpec>
  /** Keep the samples and not their scores alone. */
  /** What is kept of each: the means of its scores alone, the samples too, or every score. */
  keep: 'means' | 'samples' | 'scores'
  /** Leave a prompt out that does not fit into the context. @default false: that is an error */
  skipOverflows?: boolean
}

/** Reads back what was asked for and nothing else: a journal also holds what other tuners and earlier sessions asked for. */
export type DrawnRollouts = () => AsyncGenerator<RolloutsRecord>

/**
 * Draws and stores what the journal does not have yet: all missing rollouts of a prompt in one job, so that they share its prefill. A strategy
 * that joins later, or has another setting now, is drawn alone.
 */
export async function rollOut(journal: Journal, plan: RolloutPlan, options: CompleteOptions): Promise<DrawnRollouts> {
  const { purpose, prompts, progress, rolloutsFor, keep, skipOverflows = false } = plan
  const names = new Map<string, string[]>()
  await runPhase(journal, options, {
    name: purpose,
    prompts,
    progress,
    jobFor: (prompt) => {
      const { promptId } = prompt
      const job = rolloutJob(prompt, options, purpose)
      const digest = promptDigest(job)
      if (skipOverflows && journal.isSkipped(promptId)) return undefined
      const missing = Object.entries(rolloutsFor(prompt)).filter(
        ([name, spec]) => !journal.hasRollout(purpose, promptId, digest, name, specKey(spec)),
      )
      if (missing.length === 0) return undefined
      names.set(
        promptId,
        missing.map(([name]) => name),
      )
      return { ...job, rollouts: missing.map(([, spec]) => spec) }
    },
    toRecords: (outcome, job) => {
      const key = { prompt: outcome.promptId, job: promptDigest(job) }
      if (outcome.overflow !== undefined && skipOverflows) return [{ kind: 'skipped', ...key }]
      const { rollouts, qualitySignature, selfBleuSignature } = resultOf(outcome)
      const drawn = names.get(outcome.promptId)!.map((name, i) => {
        return [name, { spec: specKey(job.rollouts[i]), ...kept(rollouts[i], keep) }] as const
      })
      const signatures = { qualitySignature, selfBleuSignature }
      return [{ kind: 'rollouts', purpose, ...key, ...signatures, rollouts: Object.fromEntries(drawn) }]
    },
  })
  const byKey = new Map(prompts.map((prompt) => [prompt.promptId, prompt]))
  return async function* drawn() {
    for await (const record of journal.records()) {
      if (record.kind !== 'rollouts' || record.purpose !== purpose) continue
      const prompt = byKey.get(record.prompt)
      if (prompt === undefined) continue // of a session with more prompts
      const asked = rolloutsFor(prompt)
      const own = Object.entries(record.rollouts).filter(
        ([name, { spec }]) => asked[name] !== undefined && specKey(asked[name]) === spec,
      )
      if (own.length > 0) yield { ...record, rollouts: Object.fromEntries(own) }
    }
  }
}

type Rollout = RolloutResult['rollouts'][number]

function kept({ quality, selfBleu, samples, selfBleuGroups }: Rollout, keep: RolloutPlan['keep']) {
  const means = { quality, selfBleu }
  if (keep === 'samples') return { ...means, samples: samples.map(stored) }
  if (keep === 'means') return means
  return { ...means, scores: { quality: samples.map((sample) => sample.quality), selfBleu: selfBleuGroups } }
}

type StoredSample = NonNullable<StoredRollout['samples']>[number]

/** Without what nobody reads. */
function stored({ text, tokenCount, meanEntropy, meanTemperature, quality, trace }: StoredSample): StoredSample {
  return { text, tokenCount, meanEntropy, meanTemperature, quality, ...(trace === undefined ? {} : { trace }) }
}
