import type { ExampleRollout, WorkedExample } from '../ablate/types.js'
import type { Figure, ReportContent, Section } from './content.js'
import { decimal } from './numbers.js'
import type { Table } from './tables/index.js'

/** The report as GitHub-flavoured Markdown; figures are links to their files. */
export function markdownReport({
  title,
  headline,
  sections,
  examples,
  examplesFigure,
  settings,
}: ReportContent): string {
  return [
    `# ${inline(title)}`,
    headline.map((sentence) => `**${inline(sentence)}**`).join('\n\n'),
    ...sections.map(sectionText),
    ...(examples.length === 0
      ? []
      : [
          '## Worked examples',
          ...(examplesFigure === undefined ? [] : figureText(examplesFigure)),
          ...examples.map(exampleText),
        ]),
    sectionText(settings),
  ]
    .join('\n\n')
    .concat('\n')
}

function sectionText({ title, text, figure, tables, folded = [] }: Section): string {
  return [
    `## ${inline(title)}`,
    ...text.map(inline),
    ...(figure === undefined ? [] : figureText(figure)),
    ...[...tables, ...folded].map(markdownTable),
  ].join('\n\n')
}

function figureText({ name, alt, caption }: Figure): string[] {
  return [`![${inline(alt)}](figures/${name}.svg)`, `*${inline(caption)}*`]
}

export function markdownTable({ title, columns, rows, highlight, note }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    `**${inline(title)}**`,
    '',
    line(columns.map(({ label }) => inline(label))),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...rows.map((cells, i) =>
      line(cells.map(({ text }) => (i === highlight && text !== '' ? `**${inline(text)}**` : inline(text)))),
    ),
    ...(note === undefined ? [] : ['', inline(note)]),
  ].join('\n')
}

function exampleText({ task, reason, prompt, reference, learned, compared }: WorkedExample): string {
  return [
    `### ${inline(task)}: ${inline(reason)}`,
    fenced(prompt),
    'Reference:',
    fenced(reference),
    ...[learned, compared].flatMap((rollout) => [rolloutTitle(rollout), fenced(numbered(rollout.texts))]),
  ].join('\n\n')
}

function rolloutTitle({ label, setting, quality, selfBleu }: ExampleRollout): string {
  return inline(`${label} (${setting}; quality ${decimal(quality)}, Self-BLEU ${decimal(selfBleu)}):`)
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, i) => `${i + 1}. ${text.trim()}`).join('\n')
}

/** A code block whose fence is longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

/** Text whose characters mean nothing to Markdown, on one line. */
function inline(text: string): string {
  return text.replace(/[\\`*_|<>#]/g, '\\$&').replace(/\s*\n\s*/g, ' ')
}
