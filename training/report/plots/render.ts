import type { Config, TopLevelSpec } from 'vega-lite'
import { pageColor, sansSerif } from './style.js'

const config: Config = {
  background: undefined,
  font: sansSerif,
  padding: 4,
  view: { stroke: null },
  title: {
    color: pageColor,
    subtitleColor: pageColor,
    subtitleFontSize: 11,
    fontSize: 13,
    fontWeight: 600,
    anchor: 'start',
    frame: 'group',
    offset: 8,
  },
  axis: {
    labelColor: pageColor,
    titleColor: pageColor,
    domainColor: pageColor,
    tickColor: pageColor,
    gridColor: pageColor,
    domainOpacity: 0.5,
    tickOpacity: 0.5,
    gridOpacity: 0.1,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    titlePadding: 6,
  },
  legend: {
    labelLimit: 240,
    labelColor: pageColor,
    titleColor: pageColor,
    labelFontSize: 11.5,
    titleFontSize: 11,
    titleFontWeight: 'normal',
  },
}

/**
 * A Vega-Lite specification as SVG, with a transparent background and the text colour of its surroundings. Vega is loaded here and not before: it is
 * needed only when a report is written.
 * @see https://vega.github.io/vega/docs/api/view/#view_toSVG
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  const { spec: compiled } = vegaLite.compile({ ...spec, config })
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Warn })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}
