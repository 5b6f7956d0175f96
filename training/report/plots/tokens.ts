import type { ExampleRollout, WorkedExample } from '../../ablate/types.js'
import { escapeMarkup } from '../escape.js'
import { decimal } from '../numbers.js'
import { highestTemperature, type ShownToken, shownTokens } from '../tokens.js'
import { monospace, pageColor, sansSerif } from './style.js'
import { TOKEN_TEXT, temperatureColor } from './temperature-color.js'

const WIDTH = 900
const FONT = 12.5
/** Advance of a character of the monospaced fonts in parts of the font's size; `textLength` holds other fonts to it. */
const ADVANCE = 0.602 * FONT
const COLUMNS = Math.floor(WIDTH / ADVANCE)
const LINE = 30
/** Height of a token's ground. */
const GROUND = 17
/** Height of the bar of the highest temperature. */
const BAR = 6

/**
 * The first sample of each worked example, learned EDT above the strategy beside it: the darker a token's ground and the higher the bar below it, the
 * higher its temperature.
 */
export function tokensSvg(examples: readonly WorkedExample[]): string {
  const highest = highestTemperature(examples)
  const parts: string[] = []
  let y = 0
  const legend = legendSvg(highest)
  y += 44
  for (const example of examples) {
    y += 22
    parts.push(text(0, y, `${example.task} · ${example.reason}`, { size: 13, weight: 600 }))
    y += 8
    for (const rollout of [example.learned, example.compared]) {
      if (rollout.tokens === undefined) continue
      y += 16
      parts.push(text(0, y, rolloutTitle(rollout), { size: 11, opacity: 0.75 }))
      y += 6
      const lines = linesOf(shownTokens(rollout, highest))
      for (const line of lines) {
        parts.push(...line.map((token) => tokenSvg(token, y)))
        y += LINE
      }
    }
    y += 10
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${legend}${parts.join('')}</svg>`
}

function rolloutTitle({ label, setting }: ExampleRollout): string {
  return setting === '' ? label : `${label} (${setting})`
}

interface PlacedToken extends ShownToken {
  column: number
  columns: number
}

/** Breaks before a token that would leave the picture, and after a line break; a token longer than a line is cut. */
function linesOf(tokens: readonly ShownToken[]): PlacedToken[][] {
  const lines: PlacedToken[][] = [[]]
  let column = 0
  for (const token of tokens) {
    const columns = Math.min(columnsOf(token.text), COLUMNS)
    if (column + columns > COLUMNS) {
      lines.push([])
      column = 0
    }
    lines.at(-1)!.push({ ...token, column, columns })
    column += columns
    if (token.breaks) {
      lines.push([])
      column = 0
    }
  }
  return lines.filter((line) => line.length > 0)
}

/** East Asian characters and emoji take two columns. */
function columnsOf(text: string): number {
  const wide = text.match(
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[\u{1f300}-\u{3ffff}]/gu,
  )
  return [...text].length + (wide?.length ?? 0)
}

function tokenSvg({ text: content, column, columns, share, title }: PlacedToken, y: number): string {
  const x = column * ADVANCE
  const width = columns * ADVANCE
  const round = (value: number) => decimal(value, 2)
  const bar = BAR * share
  // Blanks at the start become room, since SVG viewers drop them; those inside must not break either.
  const word = content.trimStart()
  const indent = (content.length - word.length) * ADVANCE
  const letters = escapeMarkup(word.replaceAll(' ', '\u00a0'))
  return [
    `<g><title>${escapeMarkup(title)}</title>`,
    `<rect x="${round(x)}" y="${y}" width="${round(width - 1)}" height="${GROUND}" rx="2" fill="${temperatureColor(share)}"/>`,
    `<rect x="${round(x)}" y="${y + GROUND + 1}" width="${round(width - 1)}" height="${round(bar)}" fill="${pageColor}" opacity="0.75"/>`,
    word === ''
      ? ''
      : `<text x="${round(x + indent)}" y="${y + 13}" font-family='${monospace}' font-size="${FONT}" fill="${TOKEN_TEXT}" textLength="${round(width - indent)}" lengthAdjust="spacingAndGlyphs">${letters}</text>`,
    '</g>',
  ].join('')
}

function text(
  x: number,
  y: number,
  content: string,
  style: { size: number; weight?: number; opacity?: number; anchor?: string },
): string {
  const { size, weight = 400, opacity = 1, anchor = 'start' } = style
  return `<text x="${x}" y="${y}" font-family='${sansSerif}' font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${pageColor}" opacity="${opacity}">${escapeMarkup(content)}</text>`
}

/** Eleven steps of the scale with their bars, and the temperatures at its ends. */
function legendSvg(highest: number): string {
  const steps = Array.from({ length: 11 }, (_, i) => i / 10)
  const left = 175
  const width = 22
  return [
    text(0, 17, 'temperature of each token', { size: 11.5 }),
    ...steps.map((share, i) => {
      const x = left + i * width
      return `<rect x="${x}" y="5" width="${width - 1}" height="${GROUND}" fill="${temperatureColor(share)}"/><rect x="${x}" y="${GROUND + 6}" width="${width - 1}" height="${decimal(BAR * share, 2)}" fill="${pageColor}" opacity="0.75"/>`
    }),
    ...[0, 5, 10].map((i) =>
      text(left + (i + 0.5) * width, GROUND + 6 + BAR + 12, decimal((highest * i) / 10, 2), {
        size: 10.5,
        anchor: 'middle',
      }),
    ),
  ].join('')
}
