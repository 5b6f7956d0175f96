import { collectVersions } from '../run/versions.js'
import type { Cell } from '../types.js'
import { Evaluation } from './evaluate.js'
import { type HalvedPrompt, halvePrompt, type OracleScores } from './evaluate-oracle.js'
import type { CompleteOptions } from './options.js'
import { samplePrompts } from './prompts.js'
import type { ComparedStrategy } from './ready.js'
import type { DrawnRollouts } from './roll-out.js'
import { numberSettings } from './settings.js'
import type { AblationModel, AblationPrompt, AblationResult, Cost, Prediction, WorkedExample } from './types.js'

/** What an ablation has rolled out. */
export interface RolledOut {
  model: AblationModel
  fitting: readonly AblationPrompt[]
  /** Of every strategy on every prompt. */
  strategies: DrawnRollouts
  /** The oracle's scores of some of the prompts. */
  oracle: ReadonlyMap<string, OracleScores>
  compared: readonly ComparedStrategy[]
  predictions: ReadonlyMap<string, Cell>
  curves: AblationResult['curves']
  examples: WorkedExample[]
  /** By strategy. */
  costs: Readonly<Record<string, Cost>> | undefined
  /** Keys of prompts that do not fit into the context. */
  skipped: string[]
}

/** Reads the journal once and works out everything. Nothing depends on the order in which the jobs were finished. */
export async function assembleResult(
  options: CompleteOptions,
  { model, fitting, strategies, oracle, compared, predictions, curves, examples, costs, skipped }: RolledOut,
): Promise<AblationResult> {
  const { tuner, resamples, seed, selfBleuGroup, tuneSamples, timingPrompts } = options
  const byKey = new Map(fitting.map((prompt) => [prompt.promptId, prompt]))
  const evaluation = new Evaluation(fitting, { references: tuner.references, strategies: compared, resamples, seed })
  for await (const record of strategies()) evaluation.add(byKey.get(record.prompt)!, record)
  const halves = [...oracle].map(([promptId, scores]): HalvedPrompt => {
    const { name } = byKey.get(promptId)!.definition
    return halvePrompt(name, scores, tuner.references[name], selfBleuGroup)
  })
  const { overall, tasks, signatures } = evaluation.results(halves)
  const taskNames = Object.keys(tasks)
  const tuning = compared.find((strategy) => strategy.tuning !== undefined)?.tuning
  return {
    formatVersion: 2,
    settings: {
      ...numberSettings(options, model),
      tuner: { name: tuner.name, signature: tuner.signature },
      references: Object.fromEntries(taskNames.map((task) => [task, tuner.references[task]])),
      prompts: Object.fromEntries(taskNames.map((task) => [task, tasks[task].prompts])),
      resamples,
      ...(tuning === undefined ? {} : { tuning: { prompts: tuning.prompts, samples: tuneSamples } }),
      ...(curves === undefined ? {} : { curvePrompts: curves.overall.prompts }),
      ...(costs === undefined ? {} : { timingPrompts: samplePrompts(fitting, timingPrompts).length }),
      signatures,
      versions: collectVersions(),
    },
    overall: {
      ...overall,
      strategies: overall.strategies.map((strategy) => ({ ...strategy, ...costs?.[strategy.id] })),
    },
    tasks,
    ...(curves === undefined ? {} : { curves }),
    bestCells: tuner.bestCells,
    surfaces: Object.fromEntries(taskNames.map((task) => [task, { source: 'training', ...tuner.meanSurfaces[task] }])),
    predictions: fitting.map(
      ({ promptId, definition }): Prediction => ({ promptId, task: definition.name, ...predictions.get(promptId)! }),
    ),
    examples,
    skipped,
  }
}
