import { significant } from './format.js'

/** From blue (cold) to red (hot) in the terminal's 256 colours. */
const HEAT = [33, 39, 45, 50, 48, 82, 118, 190, 220, 214, 208, 202, 196]

/** A text in the colour of a temperature between 0 and `hottest`, as terminals show it. */
export function heat(text: string, temperature: number, hottest: number): string {
  const share = hottest > 0 ? Math.min(1, temperature / hottest) : 0
  return `\x1b[38;5;${HEAT[Math.round(share * (HEAT.length - 1))]}m${text}\x1b[39m`
}

/** What the colours mean. @param hottest a temperature, or a name for it */
export function heatLegend(hottest: number | string): string {
  const scale = HEAT.map((color) => `\x1b[38;5;${color}m█`).join('')
  return `temperature 0 ${scale}\x1b[39m ${typeof hottest === 'string' ? hottest : significant(hottest, 3)}`
}
