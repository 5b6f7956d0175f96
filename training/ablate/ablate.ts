import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidOptionError } from '../../src/errors.js'
import { UnknownTaskReferenceError } from '../surfaces/index.js'
import { drawCurves } from './curves/curves.js'
import { traceExamples } from './examples.js'
import { readFeatures } from './features.js'
import { Journal } from './journal.js'
import { type AblateOptions, type CompleteOptions, completeOptions } from './options.js'
import { readPrompts, samplePrompts } from './prompts.js'
import { readyStrategies } from './ready.js'
import { digestOf } from './records.js'
import { assembleResult } from './result.js'
import { rollOut } from './roll-out.js'
import { rollOutOracle } from './roll-out-oracle.js'
import { journalSettings, modelOf } from './settings.js'
import { selectStrategies } from './strategies/index.js'
import { measureCosts } from './timing.js'
import { tuneStrategies } from './tune.js'
import type { AblationResult } from './types.js'

/**
 * Compares strategies on held-out prompts. Those with settings of their own are tuned first, all on the same training prompts with the same number
 * of tries; then all of them, learned EDT and the honest per-prompt oracle are judged on the same test prompts. All strategies of a prompt share
 * one prefill and their random streams. Results are kept job by job in `outDir`, so a killed ablation goes on where it stopped and ends with
 * the same numbers; the result is also written there, as `ablation.json`.
 *
 * @throws {InvalidOptionError} {UnknownTaskReferenceError} {AblationFormatError} {AblationSettingsError} {AblationPromptChangedError}
 *   {DataFileError} and what the runner throws
 */
export async function ablate(options: AblateOptions): Promise<AblationResult> {
  const complete = completeOptions(options)
  const { tuner, tasks, runner, outDir, split, limit, oraclePrompts, tunePrompts, taskTuner, journals } = complete
  checkTasks(complete)
  const { strategies, oracle: withOracle } = selectStrategies(complete.strategies, {
    tuner,
    tasks: tasks.map(({ definition }) => definition.name),
    tuning: tunePrompts > 0,
    taskTuners: taskTuner !== undefined,
  })
  const prompts = await readPrompts(tasks, split, limit)
  const model = modelOf(await runner.model())
  await mkdir(outDir, { recursive: true })
  const shared = journalSettings(complete, model)
  const journal = await Journal.open(journals === undefined ? outDir : join(journals, digestOf(shared)), shared)
  try {
    const features = await readFeatures(journal, prompts, complete)
    const fitting = prompts.filter(({ promptId }) => features.has(promptId))
    if (fitting.length === 0) {
      throw new InvalidOptionError('tasks', "tasks with prompts that fit into the model's context", tasks.length)
    }
    const predictions = new Map(fitting.map(({ promptId }) => [promptId, tuner.predict(features.get(promptId)!)]))
    const tuned = await tuneStrategies(journal, strategies, complete)
    const compared = await readyStrategies(strategies, tuned, features, complete)
    const rolloutsFor = (prompt: (typeof fitting)[number]) =>
      Object.fromEntries(compared.map(({ id, rolloutFor }) => [id, rolloutFor(prompt)]))
    const plan = { purpose: 'strategies', prompts: fitting, rolloutsFor, keep: 'samples' } as const
    const strategiesDrawn = await rollOut(journal, plan, complete)
    const forOracle = withOracle && oraclePrompts > 0 ? samplePrompts(fitting, oraclePrompts) : []
    const oracle = await rollOutOracle(journal, forOracle, predictions, complete)
    const curves = await drawCurves(journal, fitting, features, complete)
    const examples = await traceExamples(journal, fitting, predictions, compared, complete)
    const costs = await measureCosts(journal, fitting, compared, model.device, complete)
    const skipped = prompts.map(({ promptId }) => promptId).filter((promptId) => !features.has(promptId))
    const drawn = { strategies: strategiesDrawn, oracle, curves, examples, costs }
    const result = await assembleResult(complete, { ...drawn, model, fitting, compared, predictions, skipped })
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
