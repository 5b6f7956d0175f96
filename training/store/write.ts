import { isDeepStrictEqual } from 'node:util'
import { FLOAT, LIST, VARCHAR } from '@duckdb/node-api'
import type { FeatureVector } from '../../src/features/types.js'
import type { RolloutResult } from '../types.js'
import type { Database } from './database.js'
import { StoreContentError } from './errors.js'
import type { PlannedPrompt } from './plan.js'
import type { FeatureSet, ScoreSignatures } from './read.js'
import type { RunSettings } from './settings.js'

/** What has to be written once with the first prompt of a task, or of the run. */
export interface FirstSeen {
  signatures?: ScoreSignatures
  featureSet?: FeatureSet
}

/**
 * Refuses a result that is not a whole prompt of this run: a wrong number of cells or samples, a number that is not finite.
 * @throws {StoreContentError} naming the prompt and what is wrong
 */
export function checkResult(
  path: string,
  settings: RunSettings,
  result: RolloutResult,
): asserts result is RolloutResult & { features: FeatureVector } {
  const problem = problemOf(settings, result)
  if (problem !== undefined) throw new StoreContentError(path, result.promptId, problem)
}

function problemOf(settings: RunSettings, { rollouts, features }: RolloutResult): string | undefined {
  const cells = settings.samplers.length
  if (rollouts.length !== cells) return `the result has ${rollouts.length} rollouts, but the grid has ${cells} cells.`
  if (features === undefined) return 'the result has no features.'
  if (features.version !== settings.featureVersion) {
    return `the features have version ${features.version}, but the run's have ${settings.featureVersion}.`
  }
  if (features.values.length !== features.names.length || !features.values.every(Number.isFinite)) {
    return `the features must be ${features.names.length} finite numbers.`
  }
  for (const [cell, { samples, quality, selfBleu }] of rollouts.entries()) {
    if (samples.length !== settings.samples) {
      return `cell ${cell} has ${samples.length} samples, but the run has ${settings.samples} a cell.`
    }
    const numbers = samples.flatMap((sample) => [sample.quality, sample.meanEntropy, sample.meanTemperature])
    if (![quality, selfBleu, ...numbers].every(Number.isFinite))
      return `cell ${cell} holds a number that is not finite.`
  }
  return undefined
}

/** Appends all rows of a finished prompt; to be called in a transaction. */
export async function appendRollouts(
  database: Database,
  prompt: PlannedPrompt,
  result: RolloutResult & { features: FeatureVector },
  first: FirstSeen,
): Promise<void> {
  const { promptId, rollouts, features } = result
  if (first.signatures !== undefined) {
    const { quality, selfBleu } = first.signatures
    await database.run('INSERT INTO signatures VALUES ($1, $2, $3)', [prompt.task, quality, selfBleu])
  }
  if (first.featureSet !== undefined) {
    const { version, names } = first.featureSet
    await database.append('feature_set', (appender) => {
      appender.appendInteger(version)
      appender.appendList(names, LIST(VARCHAR))
      appender.endRow()
    })
  }
  await database.append('features', (appender) => {
    appender.appendVarchar(promptId)
    appender.appendList(Array.from(features.values), LIST(FLOAT))
    appender.endRow()
  })
  await database.append('scores', (appender) => {
    for (const [cell, { quality, selfBleu }] of rollouts.entries()) {
      appender.appendVarchar(promptId)
      appender.appendInteger(cell)
      appender.appendDouble(quality)
      appender.appendDouble(selfBleu)
      appender.endRow()
    }
  })
  await database.append('samples', (appender) => {
    for (const [cell, { samples }] of rollouts.entries()) {
      for (const [index, sample] of samples.entries()) {
        appender.appendVarchar(promptId)
        appender.appendInteger(cell)
        appender.appendInteger(index)
        appender.appendVarchar(sample.text)
        appender.appendInteger(sample.tokenCount)
        appender.appendVarchar(sample.stopReason)
        appender.appendDouble(sample.meanEntropy)
        appender.appendDouble(sample.meanTemperature)
        appender.appendDouble(sample.quality)
        appender.endRow()
      }
    }
  })
  await appendOutcome(database, promptId, result.promptTokenCount)
}

/** Appends the row that says that nothing is left to do for a prompt. */
export async function appendOutcome(
  database: Database,
  promptId: string,
  tokenCount: number,
  skipped?: string,
): Promise<void> {
  await database.run('INSERT INTO outcomes VALUES ($1, $2, $3)', [promptId, tokenCount, skipped ?? null])
}

/** The part of a later result that must agree with the first one. */
export function sameFeatureSet(stored: FeatureSet, features: FeatureVector): boolean {
  return stored.version === features.version && isDeepStrictEqual(stored.names, [...features.names])
}
