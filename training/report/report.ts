import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AblationResult } from '../ablate/types.js'
import { reportContent } from './content.js'
import { htmlReport } from './html.js'
import { markdownReport } from './markdown.js'
import { standaloneSvg } from './plots/render.js'

export interface ReportOptions {
  /** Folder for the files; made when it is not there. Files of an earlier report are replaced. */
  outDir: string
}

/** Paths of a written report. */
export interface ReportFiles {
  /** One page with everything in it. */
  html: string
  /** The same as Markdown, with links to the pictures. */
  markdown: string
  /** The pictures, for light and dark pages. */
  figures: string[]
}

/**
 * Writes an ablation as `report.html`, `report.md` and one SVG file for each figure: strategies in the plane of quality and Self-BLEU, EDA over the
 * grid, and what the tuner chose; tables with intervals, worked examples, settings and signatures.
 */
export async function writeReport(result: AblationResult, { outDir }: ReportOptions): Promise<ReportFiles> {
  const content = await reportContent(result)
  await mkdir(outDir, { recursive: true })
  const files = { html: join(outDir, 'report.html'), markdown: join(outDir, 'report.md') }
  await writeFile(files.html, htmlReport(content))
  await writeFile(files.markdown, markdownReport(content))
  const figures: string[] = []
  for (const { figure } of content.sections) {
    if (figure === undefined) continue
    const path = join(outDir, `${figure.name}.svg`)
    await writeFile(path, standaloneSvg(figure.svg))
    figures.push(path)
  }
  return { ...files, figures }
}
