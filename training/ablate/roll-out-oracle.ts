import type { Cell } from '../types.js'
import { oracleJob } from './jobs.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import { digestOf, type OracleRollout } from './records.js'
import { resultOf, runPhase } from './run-phase.js'
import { oracleRollouts } from './strategies/index.js'
import type { AblationPrompt } from './types.js'

/** Draws the oracle's samples and stores their scores. */
export function rollOutOracle(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  predictions: ReadonlyMap<string, Cell>,
  options: CompleteOptions,
): Promise<void> {
  const { grid, bestCells } = options.tuner
  const decoding = { samples: options.oracleSamples, truncation: options.truncation }
  return runPhase(journal, options, {
    name: 'oracle',
    prompts,
    jobFor: (prompt) => {
      const learned = predictions.get(prompt.promptId)!
      const job = oracleJob(prompt, options, oracleRollouts(grid, bestCells.fixed, learned, decoding))
      return journal.isFinished('oracle', prompt.promptId, digestOf(job)) ? undefined : job
    },
    toRecords: (outcome, job) => {
      const scores = resultOf(outcome).rollouts.map(
        ({ samples, selfBleuGroups }): OracleRollout => ({
          quality: samples.map((sample) => sample.quality),
          selfBleu: selfBleuGroups,
        }),
      )
      const [bestFixed, learned] = scores.splice(-2)
      return [{ kind: 'oracle', prompt: outcome.promptId, job: digestOf(job), cells: scores, bestFixed, learned }]
    },
  })
}
