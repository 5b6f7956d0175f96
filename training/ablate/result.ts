import { collectVersions } from '../run/versions.js'
import { meanSurfaces } from '../surfaces/mean-surface.js'
import type { Cell } from '../types.js'
import { Evaluation } from './evaluate.js'
import { type HalvedPrompt, halvePrompt } from './evaluate-oracle.js'
import { chooseExamples, workedExample } from './examples.js'
import type { Journal } from './journal.js'
import { mean } from './mean.js'
import type { CompleteOptions } from './options.js'
import type { OracleRecord } from './records.js'
import { numberSettings } from './settings.js'
import type { AblationStrategy } from './strategies/index.js'
import type { AblationModel, AblationPrompt, AblationResult, MeanSurface, Prediction, WorkedExample } from './types.js'

/** What an ablation has rolled out. */
export interface RolledOut {
  model: AblationModel
  fitting: readonly AblationPrompt[]
  forOracle: readonly AblationPrompt[]
  strategies: readonly AblationStrategy[]
  predictions: ReadonlyMap<string, Cell>
  /** Keys of prompts that do not fit into the context. */
  skipped: string[]
}

/** Reads the journal once and works out everything. Nothing depends on the order in which the jobs were finished. */
export async function assembleResult(
  journal: Journal,
  options: CompleteOptions,
  { model, fitting, forOracle, strategies, predictions, skipped }: RolledOut,
): Promise<AblationResult> {
  const { tuner, resamples, seed, selfBleuGroup } = options
  const chosen: Prediction[] = fitting.map(({ promptId, definition }) => ({
    promptId,
    task: definition.name,
    ...predictions.get(promptId)!,
  }))
  const examples = new Map(chooseExamples(chosen).map((example) => [example.prediction.promptId, example]))
  const learned = strategies.find(({ id }) => id === 'learned-edt')!
  const compared = strategies.find(({ id }) => id === 'fixed-temperature' || id === 'best-fixed-edt')!
  const byKey = new Map(fitting.map((prompt) => [prompt.promptId, prompt]))
  const evaluation = new Evaluation(fitting, { references: tuner.references, strategies, resamples, seed })
  const worked = new Map<string, WorkedExample>()
  const oracle = new Map<string, OracleRecord>()
  for await (const record of journal.records()) {
    const prompt = byKey.get(record.prompt)
    if (prompt === undefined) continue // of an earlier session with a higher limit
    if (record.kind === 'oracle') oracle.set(prompt.promptId, record)
    if (record.kind !== 'strategies') continue
    evaluation.add(prompt, record)
    const example = examples.get(prompt.promptId)
    if (example !== undefined) {
      worked.set(prompt.promptId, workedExample(example, prompt, record, learned, compared))
    }
  }
  const halves = forOracle.map(
    ({ promptId, definition: { name } }): HalvedPrompt =>
      halvePrompt(name, oracle.get(promptId)!, tuner.references[name], selfBleuGroup),
  )
  const { overall, tasks, signatures } = evaluation.results(halves)
  const taskNames = Object.keys(tasks)
  return {
    formatVersion: 2,
    settings: {
      ...numberSettings(options, model),
      tuner: { name: tuner.name, signature: tuner.signature },
      references: Object.fromEntries(taskNames.map((task) => [task, tuner.references[task]])),
      prompts: Object.fromEntries(taskNames.map((task) => [task, tasks[task].prompts])),
      resamples,
      signatures,
      versions: collectVersions(),
    },
    overall,
    tasks,
    bestCells: tuner.bestCells,
    surfaces: surfacesOf(options, taskNames, forOracle, oracle),
    predictions: chosen,
    examples: [...examples.keys()].map((promptId) => worked.get(promptId)!),
    skipped,
  }
}

/** The training surfaces where they were given, else what the oracle's rollouts say. */
function surfacesOf(
  { surfaces }: CompleteOptions,
  tasks: readonly string[],
  forOracle: readonly AblationPrompt[],
  oracle: ReadonlyMap<string, OracleRecord>,
): Record<string, MeanSurface> {
  const training = surfaces?.surfaces.filter(({ task, split }) => split === 'train' && tasks.includes(task)) ?? []
  if (training.length > 0) return meanSurfaces(training, 'training')
  return meanSurfaces(
    forOracle.map(({ promptId, definition }) => ({
      task: definition.name,
      quality: Float32Array.from(oracle.get(promptId)!.cells, ({ quality }) => mean(quality)),
      selfBleu: Float32Array.from(oracle.get(promptId)!.cells, ({ selfBleu }) => mean(selfBleu)),
    })),
    'oracle',
  )
}
