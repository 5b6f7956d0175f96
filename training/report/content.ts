import type { AblationResult, WorkedExample } from '../ablate/types.js'
import type { StudiesResult } from '../studies/types.js'
import { headline } from './headline.js'
import { curvesSection } from './sections/curves.js'
import { examplesFigure } from './sections/examples.js'
import { headroomSection } from './sections/headroom.js'
import { mapSection, predictionsSection } from './sections/settings-found.js'
import { strategiesSection, taskSection } from './sections/strategies.js'
import { studySections } from './sections/studies.js'
import { bestCellTable, settingsTable, studySettingsTable, type Table } from './tables/index.js'

/** A picture of the report. */
export interface Figure {
  /** Name of its files without `.svg` and `.png`. */
  name: string
  /** For a page: transparent ground, text in the colour of the page. */
  svg: string
  /** One sentence for those who cannot see it. */
  alt: string
  caption: string
}

/** A part of the report, in the order in which it is read. */
export interface Section {
  title: string
  /** Paragraphs before the figure and the tables. */
  text: string[]
  figure?: Figure
  tables: Table[]
  /** Tables of which a page shows the titles until they are asked for. */
  folded?: Table[]
}

/** The report before it is HTML or Markdown. */
export interface ReportContent {
  title: string
  headline: string[]
  sections: Section[]
  examples: readonly WorkedExample[]
  /** The examples' tokens as a picture, for files alone: pages show the tokens themselves. */
  examplesFigure?: Figure
  settings: Section
}

/**
 * @param result of an ablation; its plots are drawn here
 * @param studies of the same run
 */
export async function reportContent(result: AblationResult, studies?: StudiesResult): Promise<ReportContent> {
  const { tuner, model } = result.settings
  const sections = [
    await strategiesSection(result),
    await curvesSection(result),
    await headroomSection(result),
    await mapSection(result),
    await predictionsSection(result),
    taskSection(result),
    ...(studies === undefined ? [] : await studySections(studies)),
  ]
  return {
    title: `Learned EDT: ${tuner.name} on ${model.id}`,
    headline: headline(result),
    sections: sections.filter((section) => section !== undefined),
    examples: result.examples,
    examplesFigure: examplesFigure(result.examples),
    settings: {
      title: 'Settings and signatures',
      text: ['Two numbers compare only when what they depend on agrees.'],
      tables: [
        bestCellTable(result),
        settingsTable(result),
        ...(studies === undefined ? [] : [studySettingsTable(studies)]),
      ],
    },
  }
}

/** All pictures, in the order of the report. */
export function figuresOf({ sections, examplesFigure }: ReportContent): Figure[] {
  return [...sections.map(({ figure }) => figure), examplesFigure].filter((figure) => figure !== undefined)
}

/** All tables, in the order of the report. */
export function tablesOf({ sections, settings }: ReportContent): Table[] {
  return [...sections, settings].flatMap(({ tables, folded = [] }) => [...tables, ...folded])
}
