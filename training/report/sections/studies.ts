import type { StudiesResult, StudyResult } from '../../studies/types.js'
import type { Section } from '../content.js'
import { count } from '../numbers.js'
import { renderSvg } from '../plots/render.js'
import { learningCurveSpec, studyDifferencesSpec } from '../plots/studies.js'
import { studyTable } from '../tables/index.js'

/** A section for each study, and one for those that could not be made. */
export async function studySections({ studies, leftOut, settings }: StudiesResult): Promise<Section[]> {
  const sections: Section[] = []
  for (const study of studies) sections.push(await studySection(study, settings.fits))
  if (leftOut.length > 0) {
    const text = leftOut.map(({ id, reason }) => `${id}: ${reason}.`)
    sections.push({ title: 'Studies that this run cannot make', text, tables: [] })
  }
  return sections
}

async function studySection(study: StudyResult, fits: number): Promise<Section> {
  const { id, title, question, axis, reference } = study
  // A curve needs two places.
  const curve = axis !== undefined && study.rows.length > 1 && study.rows.every(({ x }) => x !== undefined)
  const figure = curve
    ? {
        svg: await renderSvg(learningCurveSpec(study)),
        alt: `Corpus EDA of the tuner and of the best fixed EDT over ${axis.label}`,
        caption: `Corpus EDA on held-out prompts over ${axis.label}, with 95 % intervals over prompts: the tuner (mean of ${count(fits, 'fit')}; short strokes are the single fits) and the best fixed EDT found on the same training data.`,
      }
    : {
        svg: await renderSvg(studyDifferencesSpec(study)),
        alt: `Differences of corpus EDA to ${reference} and to the best fixed EDT`,
        caption: `Difference of corpus EDA on held-out prompts to "${reference}" and to the best fixed EDT found on the same training data, with 95 % intervals over prompts; mean of ${count(fits, 'fit')}. Left of zero is better.`,
      }
  return {
    // T0 keeps its capital.
    title: `Study: ${/^T0/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1)}`,
    text: [question],
    figure: { name: `study-${id}`, ...figure },
    tables: [studyTable(study)],
  }
}
