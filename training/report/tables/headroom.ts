import type { AblationResult } from '../../ablate/types.js'
import { percent, shareBounds } from '../numbers.js'
import { scopesOf } from '../scopes.js'
import { emptyCell, estimateCell, integerCell, intervalData, left, right, type Table, textCell } from './table.js'

/** Headroom and the share of it, of every scope for which the oracle was asked. */
export function headroomTable(result: AblationResult): Table | undefined {
  const rows = scopesOf(result).flatMap(({ name, result: { headroom } }) => {
    if (headroom === undefined) return []
    const { prompts, bestFixed, learned, oracle, share, interval } = headroom
    return [
      [
        textCell(name),
        integerCell(prompts),
        ...[bestFixed, learned, oracle].map(({ eda }) => estimateCell(eda, true)),
        estimateCell({ value: headroom.headroom, interval: headroom.headroomInterval }),
        { text: share === null ? 'none' : percent(share), data: intervalData(share, interval) },
        share === null ? emptyCell : textCell(shareBounds(headroom)),
      ],
    ]
  })
  if (rows.length === 0) return undefined
  return {
    name: 'headroom',
    title: "Headroom on the oracle's prompts",
    columns: [
      left('task', 'task'),
      right('prompts', 'prompts'),
      right('eda_best_fixed', 'EDA best fixed'),
      right('eda_learned', 'EDA learned'),
      right('eda_oracle', 'EDA oracle'),
      right('headroom', 'headroom'),
      right('share', 'learned gets'),
      right('share_interval', '95 % interval'),
    ],
    rows,
  }
}
