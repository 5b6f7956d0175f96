import type { AblationResult, StrategyResult } from '../../ablate/types.js'
import { decimal, integer } from '../numbers.js'
import { BASELINE, LEARNED, type Scope, scopesOf } from '../scopes.js'
import {
  type Cell,
  differenceCell,
  emptyCell,
  estimateCell,
  integerCell,
  left,
  numberCell,
  pCell,
  right,
  type Table,
  textCell,
} from './table.js'

/**
 * What decides: quality, Self-BLEU, EDA, and how far each strategy is from the best fixed EDT.
 * @param narrow leave out the intervals of quality and Self-BLEU and the uncorrected p, so that it fits into a terminal
 */
export function strategyTable(scope: Scope, narrow = false): Table {
  const { name, slug, result, qualityLabel, selfBleuLabel, shortLabels } = scope
  const { strategies, prompts } = result
  const [quality, selfBleu] = narrow ? shortLabels : [qualityLabel, selfBleuLabel]
  return {
    name: `strategies-${slug}`,
    title: `${name} (${integer(prompts)} prompts)`,
    columns: [
      left('strategy', 'strategy'),
      left('setting', 'setting'),
      right('quality', quality),
      right('self_bleu', selfBleu),
      right('eda', 'EDA'),
      right('to_best_fixed_edt', 'to best fixed EDT'),
      ...(narrow ? [] : [right('p', 'p')]),
      right('p_holm', narrow ? 'p' : 'p (Holm)'),
    ],
    rows: strategies.map((strategy) => {
      const difference = strategy.versus[BASELINE]
      const compared =
        difference === undefined
          ? [emptyCell, emptyCell, emptyCell]
          : [differenceCell(difference.difference, difference.interval), pCell(difference.p), pCell(difference.pHolm)]
      return [
        textCell(strategy.label),
        textCell(strategy.setting),
        estimateCell(strategy.quality, narrow),
        estimateCell(strategy.selfBleu, narrow),
        estimateCell(strategy.eda),
        ...(narrow ? [compared[0], compared[2]] : compared),
      ]
    }),
    highlight: learnedRow(strategies),
  }
}

/** What else is known of the samples of each strategy. */
export function measureTable({ name, slug, result: { strategies } }: Scope): Table {
  const withBleu = strategies.some(({ corpusBleu }) => corpusBleu !== undefined)
  const two = (value: number) => decimal(value, 2)
  const three = (value: number) => decimal(value, 3)
  return {
    name: `measures-${slug}`,
    title: `${name}: further measures`,
    columns: [
      left('strategy', 'strategy'),
      ...(withBleu ? [right('corpus_bleu', 'corpus BLEU')] : []),
      right('distinct_1', 'distinct-1'),
      right('distinct_2', 'distinct-2'),
      right('tokens', 'tokens a sample'),
      right('temperature', 'mean temperature'),
      right('entropy', 'mean entropy, nats'),
    ],
    rows: strategies.map((strategy) => [
      textCell(strategy.label),
      ...(withBleu ? [numberCell(strategy.corpusBleu)] : []),
      numberCell(strategy.distinct1, three),
      numberCell(strategy.distinct2, three),
      numberCell(strategy.length),
      numberCell(strategy.temperature, two),
      numberCell(strategy.entropy, two),
    ]),
    highlight: learnedRow(strategies),
  }
}

/** What each strategy costs: samples to choose its setting, time, memory. Undefined where nothing was tuned or timed. */
export function costTable(scope: Scope): Table | undefined {
  const { strategies } = scope.result
  const timed = strategies.some(({ tokensPerSecond }) => tokensPerSecond !== undefined)
  const tuned = strategies.some(({ tuning }) => tuning !== undefined)
  if (!timed && !tuned) return undefined
  const megabytes = (bytes: number | undefined) =>
    numberCell(bytes === undefined ? undefined : bytes / 1e6, (value) => decimal(value, value < 100 ? 1 : 0))
  return {
    name: 'cost',
    title: 'What each strategy costs',
    columns: [
      left('strategy', 'strategy'),
      ...(tuned
        ? [
            right('tuning_settings', 'settings tried'),
            right('tuning_prompts', 'on prompts'),
            right('tuning_samples', 'samples drawn'),
            right('tuning_eda', 'EDA there'),
          ]
        : []),
      ...(timed
        ? [
            right('tokens_per_second', 'tokens/s'),
            right('relative_speed', 'of fixed temperature'),
            right('peak_memory_mb', 'peak memory, MB'),
            right('peak_cache_mb', 'keys and values, MB'),
          ]
        : []),
    ],
    rows: strategies.map((strategy) => [
      textCell(strategy.label),
      ...(tuned ? tuningCells(strategy) : []),
      ...(timed
        ? [
            numberCell(strategy.tokensPerSecond, (value) => integer(Math.round(value))),
            numberCell(strategy.relativeSpeed, (value) => `${decimal(value, 2)}×`),
            megabytes(strategy.peakMemoryBytes),
            megabytes(strategy.peakCacheBytes),
          ]
        : []),
    ]),
    highlight: learnedRow(strategies),
    note: [
      ...(tuned
        ? [
            'EDA there is that of the chosen setting on the prompts it was chosen on: optimistic. Strategies without numbers were not tuned in this ablation; EDT and learned EDT come from the training grid.',
          ]
        : []),
      ...(timed
        ? ['Each strategy was timed in a process of its own; absolute numbers depend on the machine and its load.']
        : []),
    ].join(' '),
  }
}

function tuningCells({ tuning }: StrategyResult): Cell[] {
  return [
    integerCell(tuning?.settings),
    integerCell(tuning?.prompts),
    integerCell(tuning?.samples),
    numberCell(tuning?.eda),
  ]
}

/** EDA of every strategy on every task; only of use with several tasks. */
export function taskTable(result: AblationResult): Table {
  const scopes = scopesOf(result)
  const { strategies } = result.overall
  return {
    name: 'eda-by-task',
    title: 'EDA by task',
    columns: [left('strategy', 'strategy'), ...scopes.map(({ name, slug }) => right(slug, name))],
    rows: strategies.map(({ id, label }) => [
      textCell(label),
      // A strategy may be missing in a task, e.g. KLD where the task has no source.
      ...scopes.map((scope) => edaCell(scope.result.strategies.find((strategy) => strategy.id === id))),
    ]),
    highlight: learnedRow(strategies),
    note: "* differs from the best fixed EDT, p < 0.05 with Holm's correction",
  }
}

/** A star where the strategy differs from the best fixed EDT. */
function edaCell(strategy: StrategyResult | undefined): Cell {
  if (strategy === undefined) return emptyCell
  const { eda, versus } = strategy
  const differs = versus[BASELINE] !== undefined && versus[BASELINE].pHolm < 0.05
  return { text: `${decimal(eda.value)}${differs ? ' *' : ''}`, data: { '': eda.value, differs } }
}

function learnedRow(strategies: readonly StrategyResult[]): number {
  return strategies.findIndex(({ id }) => id === LEARNED)
}
