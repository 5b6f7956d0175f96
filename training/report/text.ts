import CliTable from 'cli-table3'
import type { AblationResult } from '../ablate/types.js'
import { curveSentences } from './curve-sentences.js'
import { headline } from './headline.js'
import { scopesOf } from './scopes.js'
import { headroomTable, strategyTable, type Table, taskTable } from './tables/index.js'

/**
 * An ablation as text for a terminal or a README: what came out, the strategies with their intervals, EDA by task, headroom, what the curves show. Plain characters in
 * aligned columns, about 120 wide; no colours.
 */
export function formatAblation(result: AblationResult): string {
  const [scope, ...tasks] = scopesOf(result)
  const headroom = headroomTable(result)
  return [
    ...headline(result),
    '',
    formatTable(strategyTable(scope, true)),
    ...(tasks.length === 0 ? [] : ['', formatTable(taskTable(result))]),
    ...(headroom === undefined ? [] : ['', formatTable(headroom)]),
    ...(result.curves === undefined ? [] : ['', ...curveSentences(result.curves.overall)]),
    '',
    ...(tasks.length === 0 ? [] : ["Over all tasks, quality and Self-BLEU are percent of each task's Q* and D*."]),
    "[a, b] are 95 % intervals; p is with Holm's correction. EDA: distance from the best quality with no overlap between samples; lower is better.",
    '',
  ].join('\n')
}

/** Title, head and rows in aligned columns, and the note. */
export function formatTable({ title, columns, rows, note }: Table): string {
  const nothing = Object.fromEntries(
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
      .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
      .map((name) => [name, '']),
  )
  const table = new CliTable({
    head: columns.map(({ label }) => label),
    chars: { ...nothing, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: columns.map(({ align }) => align),
  })
  table.push(...rows.map((cells) => cells.map(({ text }) => text)))
  const lines = table.toString().split('\n')
  return [title, ...lines.map((line) => `  ${line}`.trimEnd()), ...(note === undefined ? [] : [`  ${note}`])].join('\n')
}
