import type { AblationResult, ScopeCurves } from '../../ablate/types.js'
import { decimal, integer, interval } from '../numbers.js'
import { type Scope, scopesOf } from '../scopes.js'
import {
  differenceCell,
  emptyCell,
  estimateCell,
  integerCell,
  left,
  pCell,
  right,
  type Table,
  textCell,
} from './table.js'

/** Curves of a scope, in the order of {@link scopesOf}. */
export function curvesOf(result: AblationResult): { scope: Scope; curves: ScopeCurves }[] {
  const { curves } = result
  if (curves === undefined) return []
  return scopesOf(result).flatMap((scope) => {
    const found = scope.result === result.overall ? curves.overall : curves.tasks[scope.name]
    return found === undefined ? [] : [{ scope, curves: found }]
  })
}

/** How far the learned curve lies above the others, of every scope. */
export function areaTable(result: AblationResult): Table {
  const rows = curvesOf(result).flatMap(({ scope, curves }) =>
    curves.areas.map(({ against, area, p, range }) => [
      textCell(scope.name),
      integerCell(curves.prompts),
      textCell(curves.curves.find(({ id }) => id === against)!.label),
      differenceCell(area.value, area.interval),
      pCell(p),
      { text: interval(range), data: { low: range[0], high: range[1] } },
    ]),
  )
  return {
    name: 'curve-areas',
    title: 'Quality that the learned curve gains at equal Self-BLEU',
    columns: [
      left('task', 'task'),
      right('prompts', 'prompts'),
      left('against', 'against'),
      right('gain', 'gain, % of Q*'),
      right('p', 'p'),
      right('self_bleu_range', 'Self-BLEU, % of D*'),
    ],
    rows,
    note: 'The mean height of the learned curve above the other one, over the range of Self-BLEU that both cover.',
  }
}

/** Every point of the curves of a scope. */
export function curvePointTable(
  { name, slug, qualityLabel, selfBleuLabel }: Scope,
  { curves, prompts }: ScopeCurves,
): Table {
  return {
    name: `curves-${slug}`,
    title: `${name}: the curves (${integer(prompts)} prompts)`,
    columns: [
      left('curve', 'curve'),
      left('parameter', 'swept'),
      left('setting', 'setting'),
      right('quality', qualityLabel),
      right('self_bleu', selfBleuLabel),
      right('eda_w', 'EDA at its balance'),
    ],
    rows: curves.flatMap(({ label, parameter, points }) =>
      points.map((point) => [
        textCell(label),
        {
          text: `${parameter} ${decimal(point.parameter, 2).replace(/0$/, '')}`,
          data: { '': parameter, value: point.parameter },
        },
        textCell(point.setting),
        estimateCell(point.quality),
        estimateCell(point.selfBleu),
        point.edaW === undefined ? emptyCell : estimateCell(point.edaW),
      ]),
    ),
  }
}
