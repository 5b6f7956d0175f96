import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidOptionError } from '../../src/errors.js'
import { UnknownTaskReferenceError } from '../surfaces/errors.js'
import type { Cell } from '../types.js'
import { Journal } from './journal.js'
import { type AblateOptions, type CompleteOptions, completeOptions } from './options.js'
import { predict, rollOutOracle, rollOutStrategies } from './phases.js'
import { readPrompts, samplePrompts } from './prompts.js'
import { assembleResult } from './result.js'
import { journalSettings, modelOf } from './settings.js'
import {
  type AblationStrategy,
  bestFixedEdt,
  bestFixedEdtPerTask,
  fixedTemperature,
  greedy,
  handSetEdt,
  learnedEdt,
} from './strategies/index.js'
import type { AblationResult } from './types.js'

/**
 * Compares strategies on held-out prompts: greedy, the best fixed temperature, hand-set EDT, the best fixed EDT, learned EDT and the honest
 * per-prompt oracle. All strategies of a prompt share one prefill and their random streams. Results are kept job by job in `outDir`, so a
 * killed ablation goes on where it stopped and ends with the same numbers; the result is also written there, as `ablation.json`.
 *
 * @throws {InvalidOptionError} {UnknownTaskReferenceError} {AblationSettingsError} {AblationPromptChangedError} {DataFileError} and
 *   what the runner throws
 */
export async function ablate(options: AblateOptions): Promise<AblationResult> {
  const complete = completeOptions(options)
  const { tasks, runner, outDir, split, limit, samples, truncation, oraclePrompts } = complete
  checkTasks(complete)
  const prompts = await readPrompts(tasks, split, limit)
  const model = modelOf(await runner.model())
  const journal = await Journal.open(outDir, journalSettings(complete, model))
  try {
    const { predictions, skipped } = await predict(journal, prompts, complete)
    const fitting = prompts.filter(({ promptId }) => !skipped.has(promptId))
    if (fitting.length === 0) {
      throw new InvalidOptionError('tasks', "tasks with prompts that fit into the model's context", tasks.length)
    }
    const strategies = [...defaultStrategies(complete, predictions), ...complete.strategies({ samples, truncation })]
    await rollOutStrategies(journal, fitting, strategies, complete)
    const forOracle = oraclePrompts === 0 ? [] : samplePrompts(fitting, oraclePrompts)
    await rollOutOracle(journal, forOracle, predictions, complete)
    const left = prompts.map(({ promptId }) => promptId).filter((promptId) => skipped.has(promptId))
    const rolledOut = { model, fitting, forOracle, strategies, predictions, skipped: left }
    const result = await assembleResult(journal, complete, rolledOut)
    await writeFile(join(outDir, 'ablation.json.part'), `${JSON.stringify(result)}\n`)
    await rename(join(outDir, 'ablation.json.part'), join(outDir, 'ablation.json'))
    return result
  } finally {
    await journal.close()
  }
}

/** EDA divides by Q* and D*, and a baseline needs the best cell of each task. */
function checkTasks({ tuner, tasks }: CompleteOptions): void {
  const { references, bestCells } = tuner
  const known = Object.keys(references).filter((task) => bestCells.perTask[task] !== undefined)
  for (const { definition } of tasks) {
    if (!known.includes(definition.name)) throw new UnknownTaskReferenceError(definition.name, known, tuner.name)
    for (const [star, value] of Object.entries(references[definition.name])) {
      if (!(value > 0)) throw new InvalidOptionError(`the tuner's ${star} of ${definition.name}`, 'above 0', value)
    }
  }
}

function defaultStrategies(
  { tuner, samples, truncation }: CompleteOptions,
  predictions: ReadonlyMap<string, Cell>,
): AblationStrategy[] {
  const decoding = { samples, truncation }
  const { fixed, fixedTemperature: temperature, perTask } = tuner.bestCells
  return [
    greedy(decoding),
    ...(temperature === undefined ? [] : [fixedTemperature(temperature, decoding)]),
    handSetEdt(decoding),
    bestFixedEdt(fixed, decoding),
    ...(Object.keys(tuner.references).length > 1 ? [bestFixedEdtPerTask(perTask, decoding)] : []),
    learnedEdt(predictions, decoding),
  ]
}
