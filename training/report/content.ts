import type { AblationResult } from '../ablate/types.js'
import { headline } from './headline.js'
import { decimal } from './numbers.js'
import { heatMapSpec } from './plots/heat-map.js'
import { planeSpec } from './plots/plane.js'
import { predictionsSpec } from './plots/predictions.js'
import { renderSvg } from './plots/render.js'
import { scopesOf } from './scopes.js'
import {
  bestCellTable,
  detailTable,
  headroomTable,
  settingsTable,
  strategyTable,
  type Table,
  taskTable,
} from './tables.js'

/** A picture of the report. */
export interface Figure {
  /** Name of its file without `.svg`. */
  name: string
  svg: string
  /** One sentence for those who cannot see it. */
  alt: string
  caption: string
}

/** A part of the report, in the order in which it is read. */
export interface Section {
  title: string
  /** Paragraphs before the figure and the tables. */
  text: string[]
  figure?: Figure
  tables: Table[]
}

/** The report before it is HTML or Markdown. */
export interface ReportContent {
  title: string
  headline: string[]
  sections: Section[]
  examples: AblationResult['examples']
  settings: Section
}

/** @param result of an ablation; its plots are drawn here */
export async function reportContent(result: AblationResult): Promise<ReportContent> {
  const { tuner, model } = result.settings
  const sections = [
    await strategiesSection(result),
    headroomSection(result),
    await heatMapSection(result),
    await predictionsSection(result),
    taskSection(result),
  ]
  return {
    title: `Learned EDT: ${tuner.name} on ${model.id}`,
    headline: headline(result),
    sections: sections.filter((section) => section !== undefined),
    examples: result.examples,
    settings: {
      title: 'Settings and signatures',
      text: ['Two numbers compare only when what they depend on agrees.'],
      tables: [bestCellTable(result), settingsTable(result)],
    },
  }
}

async function strategiesSection(result: AblationResult): Promise<Section> {
  const [scope, ...tasks] = scopesOf(result)
  const pooled =
    tasks.length === 0
      ? []
      : ["Over all tasks, quality and Self-BLEU are percent of each task's Q* and D*, which are both 100 there."]
  return {
    title: 'Strategies',
    text: [
      'EDA is the distance from the best quality with no overlap between samples: 100 · √(½ ((Q* − Q) / Q*)² + ½ (D / D*)²), with quality Q, Self-BLEU D, and Q*, D* the highest means on the training grid. Lower is better.',
      ...pooled,
      'Brackets are 95 % intervals: bootstrap over prompts, all strategies on the same resamples, so that differences are paired.',
    ],
    figure: {
      name: 'plane',
      svg: await renderSvg(planeSpec(result)),
      alt: 'Quality over Self-BLEU of every strategy, with lines of equal EDA',
      caption: `Quality over Self-BLEU with 95 % intervals; thin lines join points of equal EDA. Up and to the left is better.${
        scope.result.headroom === undefined
          ? ''
          : ' The oracle ran on fewer prompts; it is drawn as far from the best fixed EDT as it is on those.'
      }`,
    },
    tables: [strategyTable(scope), ...(tasks.length === 0 ? [] : [taskTable(result)])],
  }
}

function headroomSection(result: AblationResult): Section | undefined {
  const table = headroomTable(result)
  const [{ result: scope }] = scopesOf(result)
  if (table === undefined || scope.headroom === undefined) return undefined
  const { optimisticEda, caution } = scope.headroom
  const several = Object.keys(result.tasks).length > 1
  return {
    title: 'Headroom',
    text: [
      'The oracle chooses the cell for each prompt that makes corpus EDA least, on one half of its own samples, and is scored on the other half, both ways averaged. Best fixed and learned EDT are scored on the same prompts and equally many samples.',
      `Scored on the samples it was chosen on, the oracle would seem to reach an EDA of ${decimal(optimisticEda)}; the difference is mostly noise.`,
      ...(several
        ? ["A task's oracle minimises the EDA of that task, the oracle of all tasks that of all together."]
        : []),
      ...(caution === undefined ? [] : [caution]),
    ],
    tables: [table],
  }
}

async function heatMapSection(result: AblationResult): Promise<Section | undefined> {
  const spec = heatMapSpec(result)
  if (spec === undefined) return undefined
  const surfaces = Object.values(result.surfaces)
  const from = surfaces.some(({ source }) => source === 'training')
    ? 'the training prompts'
    : "the oracle's held-out prompts"
  return {
    title: 'Where the best settings are',
    text: [],
    figure: {
      name: 'eda-map',
      svg: await renderSvg(spec),
      alt: 'Corpus EDA over T0 and θ by task, with the settings of the strategies',
      caption: `Corpus EDA of each cell (T0, θ) on ${from}, in points above the task's best cell. Dots are what the tuner chose for the held-out prompts.`,
    },
    tables: [],
  }
}

async function predictionsSection(result: AblationResult): Promise<Section> {
  return {
    title: 'What the tuner chooses',
    text: [],
    figure: {
      name: 'predictions',
      svg: await renderSvg(predictionsSpec(result)),
      alt: 'Predicted T0 and θ of every held-out prompt, by task',
      caption: 'Predicted T0 and θ, one dot for each held-out prompt; the bar is the median of the task.',
    },
    tables: [],
  }
}

function taskSection(result: AblationResult): Section {
  const [scope, ...tasks] = scopesOf(result)
  const bleu = Object.values(result.settings.signatures).some(({ corpusBleu }) => corpusBleu !== undefined)
  return {
    title: tasks.length === 0 ? 'Further measures' : 'Each task',
    text: bleu
      ? ['BLEU as quality is the mean over samples of sentence BLEU; corpus BLEU takes all samples as one corpus.']
      : [],
    tables:
      tasks.length === 0 ? [detailTable(scope)] : tasks.flatMap((task) => [strategyTable(task), detailTable(task)]),
  }
}
