import { collectVersions } from '../run/versions.js'
import { meanSurfaces } from '../surfaces/mean-surface.js'
import type { Cell } from '../types.js'
import { Evaluation } from './evaluate.js'
import { type HalvedPrompt, halvePrompt } from './evaluate-oracle.js'
import type { Journal } from './journal.js'
import { mean } from './mean.js'
import type { CompleteOptions } from './options.js'
import type { ComparedStrategy } from './ready.js'
import type { OracleRecord } from './records.js'
import { numberSettings } from './settings.js'
import type { AblationModel, AblationPrompt, AblationResult, MeanSurface, Prediction, WorkedExample } from './types.js'

/** What an ablation has rolled out. */
export interface RolledOut {
  model: AblationModel
  fitting: readonly AblationPrompt[]
  forOracle: readonly AblationPrompt[]
  compared: readonly ComparedStrategy[]
  predictions: ReadonlyMap<string, Cell>
  examples: WorkedExample[]
  /** Keys of prompts that do not fit into the context. */
  skipped: string[]
}

/** Reads the journal once and works out everything. Nothing depends on the order in which the jobs were finished. */
export async function assembleResult(
  journal: Journal,
  options: CompleteOptions,
  { model, fitting, forOracle, compared, predictions, examples, skipped }: RolledOut,
): Promise<AblationResult> {
  const { tuner, resamples, seed, selfBleuGroup } = options
  const byKey = new Map(fitting.map((prompt) => [prompt.promptId, prompt]))
  const evaluation = new Evaluation(fitting, { references: tuner.references, strategies: compared, resamples, seed })
  const oracle = new Map<string, OracleRecord>()
  for await (const record of journal.records()) {
    if (record.kind !== 'oracle' && record.kind !== 'rollouts') continue
    const prompt = byKey.get(record.prompt)
    if (prompt === undefined) continue // of an earlier session with a higher limit, or a training prompt
    if (record.kind === 'oracle') oracle.set(prompt.promptId, record)
    else if (record.purpose === 'strategies') evaluation.add(prompt, record)
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
    predictions: fitting.map(
      ({ promptId, definition }): Prediction => ({ promptId, task: definition.name, ...predictions.get(promptId)! }),
    ),
    examples,
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
