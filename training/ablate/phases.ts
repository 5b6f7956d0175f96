import { ContextOverflowError } from '../../src/lm/index.js'
import type { RolloutOutcome } from '../collect/types.js'
import type { Cell, RolloutJob, RolloutResult } from '../types.js'
import { featureJob, oracleJob, strategiesJob } from './jobs.js'
import type { Journal } from './journal.js'
import type { AblationProgress, CompleteOptions } from './options.js'
import { type AblationRecord, jobDigest, type OracleRollout } from './records.js'
import { type AblationStrategy, type Decoding, oracleRollouts } from './strategies/index.js'
import type { AblationPrompt } from './types.js'

/** The jobs of one kind: one for each prompt, each with a record as its outcome. */
interface Phase {
  name: AblationProgress['phase']
  kind: 'prediction' | 'strategies' | 'oracle'
  prompts: readonly AblationPrompt[]
  jobFor(prompt: AblationPrompt): RolloutJob
  /** What is written down of an outcome; the keys of the record come from elsewhere. */
  toRecord(outcome: RolloutOutcome, key: { prompt: string; job: string }): AblationRecord
}

/** The tuner's prediction for each prompt, and the prompts that do not fit into the context. */
export async function predict(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  options: CompleteOptions,
): Promise<{ predictions: Map<string, Cell>; skipped: Set<string> }> {
  await run(journal, options, {
    name: 'features',
    kind: 'prediction',
    prompts,
    jobFor: (prompt) => featureJob(prompt, options),
    toRecord: ({ result, overflow }, key) => {
      if (overflow !== undefined) return { kind: 'skipped', ...key }
      const { t0, theta } = options.tuner.predict(result.features!)
      return { kind: 'prediction', ...key, t0, theta }
    },
  })
  const predictions = new Map<string, Cell>()
  const skipped = new Set<string>()
  for await (const record of journal.records()) {
    if (record.kind === 'prediction') predictions.set(record.prompt, { t0: record.t0, theta: record.theta })
    if (record.kind === 'skipped') skipped.add(record.prompt)
  }
  return { predictions, skipped }
}

/** Draws and stores the samples of all strategies. */
export function rollOutStrategies(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  strategies: readonly AblationStrategy[],
  options: CompleteOptions,
): Promise<void> {
  return run(journal, options, {
    name: 'strategies',
    kind: 'strategies',
    prompts,
    jobFor: (prompt) =>
      strategiesJob(
        prompt,
        options,
        strategies.map((strategy) => strategy.rolloutFor(prompt)),
      ),
    toRecord: (outcome, key) => {
      const { rollouts, qualitySignature, selfBleuSignature } = resultOf(outcome)
      return {
        kind: 'strategies',
        ...key,
        qualitySignature,
        selfBleuSignature,
        rollouts: Object.fromEntries(
          rollouts.map(({ quality, selfBleu, samples }, i) => [
            strategies[i].id,
            {
              quality,
              selfBleu,
              samples: samples.map(({ text, tokenCount, meanEntropy, meanTemperature, quality }) => ({
                text,
                tokenCount,
                meanEntropy,
                meanTemperature,
                quality,
              })),
            },
          ]),
        ),
      }
    },
  })
}

/** Draws the oracle's samples and stores their scores. */
export function rollOutOracle(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  predictions: ReadonlyMap<string, Cell>,
  options: CompleteOptions,
): Promise<void> {
  const { grid, bestCells } = options.tuner
  const decoding: Decoding = { samples: options.oracleSamples, truncation: options.truncation }
  return run(journal, options, {
    name: 'oracle',
    kind: 'oracle',
    prompts,
    jobFor: (prompt) =>
      oracleJob(prompt, options, oracleRollouts(grid, bestCells.fixed, predictions.get(prompt.promptId)!, decoding)),
    toRecord: (outcome, key) => {
      const scores = resultOf(outcome).rollouts.map(
        ({ samples, selfBleuGroups }): OracleRollout => ({
          quality: samples.map((sample) => sample.quality),
          selfBleu: selfBleuGroups,
        }),
      )
      const [bestFixed, learned] = scores.splice(-2)
      return { kind: 'oracle', ...key, cells: scores, bestFixed, learned }
    },
  })
}

async function run(journal: Journal, { runner, onProgress, signal }: CompleteOptions, phase: Phase): Promise<void> {
  const digests = new Map<string, string>()
  const pending: AblationPrompt[] = []
  for (const prompt of phase.prompts) {
    const digest = jobDigest(phase.jobFor(prompt))
    if (journal.isFinished(phase.kind, prompt.promptId, digest)) continue
    digests.set(prompt.promptId, digest)
    pending.push(prompt)
  }
  const total = phase.prompts.length
  let done = total - pending.length
  onProgress?.({ phase: phase.name, done, total })
  if (pending.length === 0) return
  for await (const outcome of runner.outcomes(jobs(pending, phase), signal)) {
    const { promptId } = outcome
    await journal.append(phase.toRecord(outcome, { prompt: promptId, job: digests.get(promptId)! }))
    done++
    onProgress?.({ phase: phase.name, done, total })
    signal?.throwIfAborted()
  }
}

/** Made as the runner asks for them: a thousand oracle jobs need not be in memory at once. */
function* jobs(prompts: readonly AblationPrompt[], phase: Phase): Generator<RolloutJob> {
  for (const prompt of prompts) yield phase.jobFor(prompt)
}

/** @throws {ContextOverflowError} which cannot happen after the features of the same prompt were found */
function resultOf({ result, overflow }: RolloutOutcome): RolloutResult {
  if (overflow === undefined) return result
  throw new ContextOverflowError(overflow.promptTokens, overflow.maxNewTokens, overflow.contextLength)
}
