import type { Figure, ReportContent, Section } from './content.js'
import { escapeMarkup } from './escape.js'
import { examplesHtml } from './examples-html.js'
import { stylesheet } from './stylesheet.js'
import type { Table } from './tables/index.js'

/** The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
export function htmlReport({ title, headline, sections, examples, settings }: ReportContent): string {
  const all = [...sections, ...(examples.length === 0 ? [] : [examplesTitle]), settings.title]
  const titles = all.map((section) => (typeof section === 'string' ? section : section.title))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>${stylesheet}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<div class="headline">
${headline.map((sentence) => `<p>${escapeMarkup(sentence)}</p>`).join('\n')}
</div>
<nav aria-label="Contents"><ul>${titles.map((name) => `<li><a href="#${idOf(name)}">${escapeMarkup(name)}</a></li>`).join('')}</ul></nav>
${sections.map(sectionHtml).join('\n')}
${examples.length === 0 ? '' : `<section>\n${heading(examplesTitle)}\n${examplesHtml(examples)}\n</section>`}
${sectionHtml(settings)}
<footer><p>Beside this page: <code>figures/</code> has every figure as SVG and PNG, <code>tables/</code> every table as CSV and JSON. Tables that are folded here are left out on paper.</p></footer>
</main>
</body>
</html>
`
}

const examplesTitle = 'Worked examples'

const idOf = (title: string) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const heading = (title: string) => `<h2 id="${idOf(title)}">${escapeMarkup(title)}</h2>`

function sectionHtml({ title, text, figure, tables, folded = [] }: Section): string {
  return [
    '<section>',
    heading(title),
    ...text.map((paragraph) => `<p>${escapeMarkup(paragraph)}</p>`),
    ...(figure === undefined ? [] : [figureHtml(figure)]),
    ...tables.map(tableHtml),
    ...folded.map((table) => `<details><summary>${escapeMarkup(table.title)}</summary>${tableHtml(table)}</details>`),
    '</section>',
  ].join('\n')
}

function figureHtml({ name, svg, alt, caption }: Figure): string {
  return `<figure role="group" aria-label="${escapeMarkup(alt)}"><div class="scroll">${ownIds(svg, name)}</div>
<figcaption>${escapeMarkup(caption)}</figcaption></figure>`
}

/** Vega numbers its clip paths and gradients from 1 in every picture; in one page each needs names of its own. */
function ownIds(svg: string, prefix: string): string {
  return svg
    .replace(/\bid="([^"]+)"/g, (_, id) => `id="${prefix}-${id}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id) => `url(#${prefix}-${id})`)
}

function tableHtml({ title, columns, rows, highlight, note }: Table): string {
  const cell = (text: string, column: number) => {
    const kind = columns[column].align === 'right' ? ' class="number"' : ''
    return column === 0 ? `<th scope="row">${escapeMarkup(text)}</th>` : `<td${kind}>${escapeMarkup(text)}</td>`
  }
  const head = columns
    .map(
      ({ label, align }) => `<th scope="col"${align === 'right' ? ' class="number"' : ''}>${escapeMarkup(label)}</th>`,
    )
    .join('')
  const body = rows
    .map((cells, i) => {
      const kind = i === highlight ? ' class="highlight"' : ''
      return `<tr${kind}>${cells.map(({ text }, column) => cell(text, column)).join('')}</tr>`
    })
    .join('\n')
  return `<div class="scroll"><table>
<caption>${escapeMarkup(title)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>${note === undefined ? '' : `\n<p class="note">${escapeMarkup(note)}</p>`}`
}
