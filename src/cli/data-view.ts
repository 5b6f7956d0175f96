import type { DataSummary, TextLengths } from '../tasks/index.js'
import { count, facts, significant, table } from './format.js'
import type { Output } from './output.js'

/** Tells what a task's files hold, in words. */
export function printData(summary: DataSummary, output: Output): void {
  const { bold } = output.colors
  const { definition, path, shown, bad, repeatedIds } = summary
  output.print(bold(`${definition.name}: ${definition.description}`))
  output.print(facts([['files', path], ...settingsOf(summary), ...countsOf(summary)]))
  output.print(`\n${lengthsTable(summary)}`)
  printProblems('Rows that cannot be read', bad, output)
  printProblems('Rows with the id of an earlier row (they stay)', repeatedIds, output)
  for (const { split, id, prompt, references } of shown) {
    output.print(bold(`\n${split} ${id}`))
    output.print(prompt)
    output.print(output.colors.dim(count(references.length, 'reference')))
    for (const reference of references) output.print(`  ${reference}`)
  }
  if (shown.length === 0) output.warn('there is no example in these files.')
}

function settingsOf({ definition }: DataSummary): [string, string][] {
  const { metric, tokenize, stop, maxNewTokens, chat, maxSourceChars, splits } = definition
  const ends = stop.map((text) => JSON.stringify(text)).join(', ') || 'nothing but its end token'
  return [
    ['metric', metric === 'bleu' ? `BLEU, tokenizer ${tokenize}` : 'ROUGE-L'],
    ['answers', `at most ${maxNewTokens} tokens, ended by ${ends}`],
    ['prompts', chat ? "a user's message in the model's chat template" : 'plain text'],
    ['sources', maxSourceChars === undefined ? 'whole' : `cut to ${maxSourceChars} characters at most`],
    ['splits', splits ?? 'by files'],
  ]
}

function countsOf({ rows, examples, splits, cut, leftOut, bad, tooLong }: DataSummary): [string, string][] {
  const reasons = Object.entries(leftOut).map(([reason, number]) => `${reason} ${number.toLocaleString('en-US')}`)
  const shares = Object.entries(splits).map(([split, number]) => `${split} ${number.toLocaleString('en-US')}`)
  return [
    ['rows', rows.toLocaleString('en-US')],
    ...(bad.count > 0 ? [['bad rows', bad.count.toLocaleString('en-US')] as [string, string]] : []),
    ['left out', reasons.join(', ') || 'none'],
    ['examples', `${examples.toLocaleString('en-US')} (${shares.join(', ')})`],
    ...(cut > 0 ? [['cut', `the source of ${count(cut, 'example')}`] as [string, string]] : []),
    ...(tooLong === undefined ? [] : [['too long', `${count(tooLong, 'prompt')} for the model`] as [string, string]]),
  ]
}

function lengthsTable({ lengths }: DataSummary): string {
  const rows = Object.entries(lengths).flatMap(([name, text]) =>
    (Object.entries(text) as [keyof TextLengths, TextLengths['characters']][]).map(([unit, found]) => [
      `${name}, ${unit}`,
      ...[found.mean, found.min, found.median, found.p95, found.max].map((value) => significant(value, 4)),
    ]),
  )
  const right = Array.from({ length: 5 }, () => 'right' as const)
  return table(['length', 'mean', 'min', 'median', '95 %', 'max'], rows, ['left', ...right])
}

function printProblems(title: string, { count: all, first }: DataSummary['bad'], output: Output): void {
  if (all === 0) return
  output.print(output.colors.bold(`\n${title}: ${all.toLocaleString('en-US')}`))
  for (const { message } of first) output.print(`  ${message}`)
  if (all > first.length) output.print(`  … and ${(all - first.length).toLocaleString('en-US')} more`)
}
