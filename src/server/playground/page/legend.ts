import { byId, element } from './dom.js'
import { heatClass } from './tokens.js'

const SWATCHES = 6
let shown: number | undefined

/** The colours of a token's ground, as tokens, from 0 to the highest temperature. */
export function showLegend(hottest: number): void {
  if (shown === hottest || hottest <= 0) return
  shown = hottest
  const swatches = Array.from({ length: SWATCHES }, (_, i) => {
    const temperature = (i / (SWATCHES - 1)) * hottest
    return element('span', { class: `token ${heatClass(temperature, hottest)}` }, temperature.toFixed(2))
  })
  const host = byId('legend', HTMLElement)
  host.replaceChildren(
    'Temperature of a token',
    element('span', { class: 'swatches' }, ...swatches),
    element('span', { class: 'hint' }, 'the thicker the line below, the hotter'),
  )
  host.hidden = false
}
