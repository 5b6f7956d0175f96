import type { AblationResult } from '../../ablate/types.js'
import type { Section } from '../content.js'
import { curveSentences } from '../curve-sentences.js'
import { curvesSpec } from '../plots/curves.js'
import { renderSvg } from '../plots/render.js'
import { areaTable, curvePointTable, curvesOf } from '../tables/index.js'

/** Undefined when the ablation has no curves. */
export async function curvesSection(result: AblationResult): Promise<Section | undefined> {
  const panels = curvesOf(result)
  if (panels.length === 0) return undefined
  const areas = areaTable(result)
  return {
    title: 'The slider: quality against diversity',
    text: [
      'The tuner takes a balance between 0 and 1: how much quality counts against diversity. Swept from 0.1 to 0.9 it draws a curve; so do the fixed cell of EDT that is best at each balance, and fixed temperature swept over its whole range.',
      ...curveSentences(panels[0].curves),
    ],
    figure: {
      name: 'curves',
      svg: await renderSvg(curvesSpec(panels)),
      alt: 'Curves of quality over Self-BLEU of learned EDT, fixed EDT and fixed temperature',
      caption:
        'Quality over Self-BLEU while balance (numbers at the curves) or temperature (T) is swept, with 95 % intervals; thin lines join points of equal EDA. A curve further up and to the left is better.',
    },
    tables: areas.rows.length === 0 ? [] : [areas],
    folded: panels.map(({ scope, curves }) => curvePointTable(scope, curves)),
  }
}
