import type { Cell } from '../types.js'
import type { OracleScores } from './evaluate-oracle.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import type { RolloutScores } from './records.js'
import { rollOut } from './roll-out.js'
import { cellName, oracleRollouts } from './strategies/index.js'
import type { AblationPrompt } from './types.js'

/**
 * Draws the oracle's samples.
 * @returns every score, by prompt
 */
export async function rollOutOracle(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  predictions: ReadonlyMap<string, Cell>,
  options: CompleteOptions,
): Promise<Map<string, OracleScores>> {
  const { grid, bestCells } = options.tuner
  const decoding = { samples: options.oracleSamples, truncation: options.truncation }
  const rolloutsFor = ({ promptId }: AblationPrompt) =>
    oracleRollouts(grid, { bestFixed: bestCells.fixed, learned: predictions.get(promptId)! }, decoding)
  const drawn = await rollOut(journal, { purpose: 'oracle', prompts, rolloutsFor, keep: 'scores' }, options)
  const scores = new Map(prompts.map(({ promptId }) => [promptId, new Map<string, RolloutScores>()]))
  for await (const { prompt, rollouts } of drawn()) {
    for (const [name, rollout] of Object.entries(rollouts)) scores.get(prompt)!.set(name, rollout.scores!)
  }
  const cells = grid.t0.length * grid.theta.length
  return new Map(
    [...scores].map(([promptId, own]) => [
      promptId,
      {
        cells: Array.from({ length: cells }, (_, cell) => own.get(cellName(cell))!),
        bestFixed: own.get('bestFixed')!,
        learned: own.get('learned')!,
      },
    ]),
  )
}
