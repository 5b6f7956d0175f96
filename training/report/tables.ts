import type { AblationResult, StrategyResult } from '../ablate/types.js'
import { decimal, estimate, integer, interval, percent, pValue, shareInterval, signed } from './numbers.js'
import { BASELINE, LEARNED, type Scope, scopesOf } from './scopes.js'

/** A table before it is text, Markdown or HTML. */
export interface Table {
  title: string
  columns: Column[]
  rows: string[][]
  /** Index of the row to set off. */
  highlight?: number
  /** A line below the table. */
  note?: string
}

export interface Column {
  label: string
  align: 'left' | 'right'
}

const left = (label: string): Column => ({ label, align: 'left' })
const right = (label: string): Column => ({ label, align: 'right' })

/**
 * What decides: quality, Self-BLEU, EDA, and how far each strategy is from the best fixed EDT.
 * @param narrow leave out the intervals of quality and Self-BLEU, so that it fits into a terminal
 */
export function strategyTable(scope: Scope, narrow = false): Table {
  const { name, result, qualityLabel, selfBleuLabel, shortLabels } = scope
  const { strategies, prompts } = result
  return {
    title: `${name} (${integer(prompts)} prompts)`,
    columns: [
      left('strategy'),
      left('setting'),
      ...(narrow ? shortLabels : [qualityLabel, selfBleuLabel]).map(right),
      right('EDA'),
      right('to best fixed EDT'),
      right('p'),
    ],
    rows: strategies.map(({ label, setting, quality, selfBleu, eda, versus }) => {
      const difference = versus[BASELINE]
      return [
        label,
        setting,
        narrow ? decimal(quality.value) : estimate(quality),
        narrow ? decimal(selfBleu.value) : estimate(selfBleu),
        estimate(eda),
        ...(difference === undefined
          ? ['', '']
          : [`${signed(difference.difference)} ${interval(difference.interval, signed)}`, pValue(difference.p)]),
      ]
    }),
    highlight: strategies.findIndex(({ id }) => id === LEARNED),
  }
}

/** What else is known of each strategy. */
export function detailTable({ name, result }: Scope): Table {
  const { strategies } = result
  const withBleu = strategies.some(({ corpusBleu }) => corpusBleu !== undefined)
  return {
    title: `${name}: further measures`,
    columns: [
      left('strategy'),
      ...(withBleu ? [right('corpus BLEU')] : []),
      right('distinct-2'),
      right('tokens a sample'),
      right('mean temperature'),
      right('mean entropy, nats'),
    ],
    rows: strategies.map(({ label, corpusBleu, distinct2, length, temperature, entropy }) => [
      label,
      ...(withBleu ? [corpusBleu === undefined ? '' : decimal(corpusBleu)] : []),
      decimal(distinct2, 3),
      decimal(length),
      decimal(temperature, 2),
      decimal(entropy, 2),
    ]),
    highlight: strategies.findIndex(({ id }) => id === LEARNED),
  }
}

/** EDA of every strategy on every task; only of use with several tasks. */
export function taskTable(result: AblationResult): Table {
  const scopes = scopesOf(result)
  const { strategies } = result.overall
  return {
    title: 'EDA by task',
    columns: [left('strategy'), ...scopes.map(({ name }) => right(name))],
    rows: strategies.map(({ id, label }, i) => [
      label,
      ...scopes.map((scope) => edaCell(scope.result.strategies[i], id === LEARNED)),
    ]),
    highlight: strategies.findIndex(({ id }) => id === LEARNED),
    note: '* differs from the best fixed EDT, p < 0.05',
  }
}

/** A star where learned EDT differs from the best fixed EDT. */
function edaCell({ eda, versus }: StrategyResult, withStar: boolean): string {
  const star = withStar && versus[BASELINE].p < 0.05 ? ' *' : ''
  return `${decimal(eda.value)}${star}`
}

/** Headroom and the share of it, of every scope for which the oracle was asked. */
export function headroomTable(result: AblationResult): Table | undefined {
  const rows = scopesOf(result).flatMap(({ name, result: { headroom } }) => {
    if (headroom === undefined) return []
    const { prompts, bestFixed, learned, oracle, share, interval: range } = headroom
    return [
      [
        name,
        integer(prompts),
        decimal(bestFixed.eda.value),
        decimal(learned.eda.value),
        decimal(oracle.eda.value),
        `${decimal(headroom.headroom)} ${interval(headroom.headroomInterval)}`,
        share === null ? 'none' : percent(share),
        share === null ? '' : shareInterval(range),
      ],
    ]
  })
  if (rows.length === 0) return undefined
  return {
    title: "Headroom on the oracle's prompts",
    columns: [
      left('task'),
      right('prompts'),
      right('EDA best fixed'),
      right('EDA learned'),
      right('EDA oracle'),
      right('headroom'),
      right('learned gets'),
      right('95 % interval'),
    ],
    rows,
  }
}

/** Best cells of the training prompts with Q* and D*. */
export function bestCellTable({ bestCells, settings }: AblationResult): Table {
  const cell = ({ t0, theta }: { t0: number; theta: number }) => [`${t0}`, `${theta}`]
  const tasks = Object.keys(settings.references)
  return {
    title: 'Best cells on the training prompts',
    columns: [left('task'), right('T0'), right('θ'), right('Q*'), right('D*')],
    rows: [
      ...(tasks.length > 1 ? [['all tasks', ...cell(bestCells.fixed), '', '']] : []),
      ...tasks.map((task) => [
        task,
        ...cell(tasks.length > 1 ? bestCells.perTask[task] : bestCells.fixed),
        decimal(settings.references[task].bestQuality, 2),
        decimal(settings.references[task].worstSelfBleu, 2),
      ]),
    ],
  }
}

/** Everything the numbers depend on. */
export function settingsTable({ settings, skipped }: AblationResult): Table {
  const { model, tuner, grid, truncation, prompts } = settings
  const cut = Object.entries(truncation).map(([name, value]) => `${name} ${value}`)
  const rows = [
    ['language model', `${model.id}, ${model.dtype}, ${model.device}, vocabulary ${model.vocabularyHash}`],
    ['tuner', `${tuner.name} (${tuner.signature})`],
    [
      'prompts',
      `${Object.entries(prompts)
        .map(([task, number]) => `${task} ${integer(number)}`)
        .join(', ')}, of the ${settings.split} split`,
    ],
    ...(skipped.length === 0 ? [] : [['left out, too long', skipped.join(', ')]]),
    ['samples a prompt', `${settings.samples}, for the oracle ${settings.oracleSamples} a cell`],
    ['n of Self-BLEU', `${settings.selfBleuGroup}`],
    ['seed', `${settings.seed}`],
    ['truncation', cut.length === 0 ? 'none' : cut.join(', ')],
    ['grid', `T0 ${grid.t0.join(', ')}; θ ${grid.theta.join(', ')}`],
    ['bootstrap', `${integer(settings.resamples)} resamples of prompts, stratified by task`],
    ...Object.entries(settings.signatures).flatMap(([task, signatures]) =>
      Object.entries(signatures).map(([measure, signature]) => [`${task}: ${measure}`, signature]),
    ),
    ...Object.entries(settings.versions),
  ]
  return { title: 'Settings', columns: [left('setting'), left('value')], rows }
}
