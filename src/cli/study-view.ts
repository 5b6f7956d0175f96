import { count, decimal, estimate, integer, interval, pValue, signed } from '../../training/report/numbers.js'
import type { StudiesResult, StudyResult, StudyRow } from '../../training/studies/index.js'
import { table } from './format.js'
import type { Output } from './output.js'

/** Each study as a table, in the order of the studies. */
export function printStudies({ settings, studies, leftOut }: StudiesResult, output: Output): void {
  const total = (split: 'train' | 'test') => Object.values(settings.prompts[split]).reduce((a, b) => a + b, 0)
  for (const study of studies) printStudy(study, output)
  for (const { id, reason } of leftOut) output.print(`\nLeft out: ${id}, since ${reason}.`)
  output.print(
    [
      '',
      `EDA on ${count(total('test'), 'test prompt')} of the whole grid, ${settings.samples} samples a cell (lower is better); [a, b] are 95 % intervals over prompts.`,
      `Each row: ${count(settings.fits, 'fit')} of ${count(Number(settings.fit.members), 'network')}, averaged, at most ${integer(total('train'))} training prompts, seed ${settings.seed}.`,
      'Best fixed EDT: the setting that was best on the prompts that the row learned from. p is corrected for the rows of a study (Holm).',
    ].join('\n'),
  )
}

function printStudy({ title, question, reference, axis, rows }: StudyResult, output: Output): void {
  const byTask = rows.some(({ task }) => task !== undefined)
  const head = [
    ...(byTask ? ['judged on'] : []),
    axis?.label ?? 'tuner',
    'learned from',
    'EDA',
    `to ${reference}`,
    'p',
    'best fixed EDT',
    'to best fixed',
  ]
  const lines = rows.map((row) => [
    ...(byTask ? [row.task ?? 'all tasks'] : []),
    row.label,
    integer(row.trainPrompts),
    estimate(row.eda),
    ...versus(row),
    bestFixed(row),
    `${signed(row.versusBestFixed.difference)} ${interval(row.versusBestFixed.interval, signed)}`,
  ])
  const texts = byTask ? 2 : 1
  const align = head.map((_, column) => (column < texts ? 'left' : 'right'))
  output.print(`\n${output.colors.bold(title)}\n${question}`)
  output.print(indent(table(head, lines, align)))
  for (const { label, note } of rows) if (note !== undefined) output.print(`  ${label}: ${note}`)
}

function bestFixed({ bestFixed: { value }, bestFixedCells: [cell, ...others] }: StudyRow): string {
  return `${decimal(value)} at ${others.length > 0 ? 'several' : `T0 ${cell.t0}, θ ${cell.theta}`}`
}

function versus({ versusReference }: StudyRow): string[] {
  if (versusReference === undefined) return ['', '']
  const { difference, interval: range, pHolm } = versusReference
  return [`${signed(difference)} ${interval(range, signed)}`, pValue(pHolm)]
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
