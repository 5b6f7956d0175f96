import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AblationResult } from '../ablate/types.js'
import type { StudiesResult } from '../studies/types.js'
import { figuresOf, reportContent, tablesOf } from './content.js'
import { htmlReport } from './html.js'
import { markdownReport } from './markdown.js'
import { renderPng, standaloneSvg } from './plots/files.js'
import { tableCsv, tableJson } from './tables/index.js'

export interface ReportOptions {
  /** Folder for the files; made when it is not there. Files of an earlier report are replaced. */
  outDir: string
  /** What `edt study` found in the same run: learning curves and the like. @default none */
  studies?: StudiesResult
}

/** Paths of a written report. */
export interface ReportFiles {
  /** One page with everything in it. */
  html: string
  /** The same as Markdown, with links to the pictures. */
  markdown: string
  /** `figures/NAME.svg` and `figures/NAME.png` of every figure, black on white. */
  figures: { svg: string; png: string }[]
  /** `tables/NAME.csv` and `tables/NAME.json` of every table, numbers with all their digits. */
  tables: { csv: string; json: string }[]
}

/**
 * Writes an ablation as `report.html`, `report.md`, every figure as SVG and PNG, and every table as CSV and JSON: strategies in the plane of quality and
 * Self-BLEU, the curves along the balance, headroom, EDA over the grid, what the tuner chose, studies; worked examples, settings and signatures.
 */
export async function writeReport(result: AblationResult, { outDir, studies }: ReportOptions): Promise<ReportFiles> {
  const content = await reportContent(result, studies)
  const [figureDir, tableDir] = [join(outDir, 'figures'), join(outDir, 'tables')]
  await Promise.all([figureDir, tableDir].map((folder) => mkdir(folder, { recursive: true })))
  const page = { html: join(outDir, 'report.html'), markdown: join(outDir, 'report.md') }
  await writeFile(page.html, htmlReport(content))
  await writeFile(page.markdown, markdownReport(content))
  const figures: ReportFiles['figures'] = []
  for (const { name, svg } of figuresOf(content)) {
    const files = { svg: join(figureDir, `${name}.svg`), png: join(figureDir, `${name}.png`) }
    const standalone = standaloneSvg(svg)
    await writeFile(files.svg, standalone)
    await writeFile(files.png, await renderPng(standalone))
    figures.push(files)
  }
  const tables: ReportFiles['tables'] = []
  for (const table of tablesOf(content)) {
    const files = { csv: join(tableDir, `${table.name}.csv`), json: join(tableDir, `${table.name}.json`) }
    await writeFile(files.csv, tableCsv(table))
    await writeFile(files.json, tableJson(table))
    tables.push(files)
  }
  return { ...page, figures, tables }
}
