import type { ExampleRollout, WorkedExample } from '../ablate/types.js'
import type { ReportContent, Section } from './content.js'
import { decimal } from './numbers.js'
import { stylesheet } from './stylesheet.js'
import type { Table } from './tables.js'

/** The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
export function htmlReport({ title, headline, sections, examples, settings }: ReportContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${stylesheet}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<div class="headline">
${headline.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
</div>
${sections.map(sectionHtml).join('\n')}
${examples.length === 0 ? '' : `<section>\n<h2>Worked examples</h2>\n${examples.map(exampleHtml).join('\n')}\n</section>`}
${sectionHtml(settings)}
</main>
</body>
</html>
`
}

function sectionHtml({ title, text, figure, tables }: Section): string {
  return [
    '<section>',
    `<h2>${escapeHtml(title)}</h2>`,
    ...text.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(figure === undefined
      ? []
      : [
          `<figure role="group" aria-label="${escapeHtml(figure.alt)}"><div class="scroll">${figure.svg}</div>`,
          `<figcaption>${escapeHtml(figure.caption)}</figcaption></figure>`,
        ]),
    ...tables.map(tableHtml),
    '</section>',
  ].join('\n')
}

function tableHtml({ title, columns, rows, highlight, note }: Table): string {
  const cell = (text: string, column: number) => {
    const kind = columns[column].align === 'right' ? ' class="number"' : ''
    return column === 0 ? `<th scope="row">${escapeHtml(text)}</th>` : `<td${kind}>${escapeHtml(text)}</td>`
  }
  const head = columns
    .map(({ label, align }) => `<th scope="col"${align === 'right' ? ' class="number"' : ''}>${escapeHtml(label)}</th>`)
    .join('')
  const body = rows
    .map((cells, i) => `<tr${i === highlight ? ' class="highlight"' : ''}>${cells.map(cell).join('')}</tr>`)
    .join('\n')
  return `<div class="scroll"><table>
<caption>${escapeHtml(title)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>${note === undefined ? '' : `\n<p class="note">${escapeHtml(note)}</p>`}`
}

function exampleHtml({ task, reason, prompt, reference, learned, compared }: WorkedExample): string {
  return `<article>
<h3>${escapeHtml(task)} <span class="reason">${escapeHtml(reason)}</span></h3>
<pre>${escapeHtml(prompt)}</pre>
<p class="reference"><span>reference</span> ${escapeHtml(reference)}</p>
<div class="pair">
${[learned, compared].map(rolloutHtml).join('\n')}
</div>
</article>`
}

function rolloutHtml({ label, setting, texts, quality, selfBleu }: ExampleRollout): string {
  return `<div>
<h4>${escapeHtml(label)} <span class="setting">${escapeHtml(setting)}</span></h4>
<ol>${texts.map((text) => `<li>${escapeHtml(text.trim())}</li>`).join('')}</ol>
<p class="scores">quality ${decimal(quality)}, Self-BLEU ${decimal(selfBleu)}</p>
</div>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
