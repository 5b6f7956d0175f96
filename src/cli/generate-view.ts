import type { TokenTrace } from '../lm/types.js'
import type { GenerateResult } from '../runtime/index.js'
import { significant, table } from './format.js'
import type { Output } from './output.js'

/** `T0 0.92, θ 1.31 (learned, balance 0.5)` or the rule's signature: what decided the temperature. */
export function describeChoice({ t0, theta, balance, chosenBy, strategy }: GenerateResult): string {
  if (t0 === undefined || theta === undefined) return strategy
  const source = { tuner: 'learned', user: 'as given', 'tuner and user': 'learned, partly overridden' }[chosenBy]
  return `T0 ${significant(t0, 3)}, θ ${significant(theta, 3)} (${source}${balance === undefined ? '' : `, balance ${balance}`})`
}

/** Prints the samples of one prompt: the bare text when there is one, numbered when there are several. */
export function printSamples({ samples }: GenerateResult, output: Output): void {
  for (const [i, { text }] of samples.entries()) {
    output.print(samples.length === 1 ? text.trimStart() : `${output.colors.dim(`[${i + 1}]`)} ${text.trimStart()}`)
  }
}

/** Prints an answer as it comes; `end` adds what the stop rule held back. */
export function streamTo(output: Output): { onToken: (token: { text: string }) => void; end: (text: string) => void } {
  let shown = 0
  const show = (text: string) => {
    // Tokenizers put a blank before the first word; at the start of a line it only looks crooked.
    output.write(shown === 0 ? text.trimStart() : text)
    shown += text.length
  }
  return {
    onToken: ({ text }) => show(text),
    end: (text) => {
      show(text.slice(shown))
      output.print()
    },
  }
}

/** Prints each sample's tokens with what happened at each step; on a terminal first the text, coloured by temperature. */
export function printTrace({ samples }: GenerateResult, output: Output): void {
  for (const [i, { trace = [] }] of samples.entries()) {
    if (samples.length > 1) output.print(`\nSample ${i + 1}`)
    if (output.colors.isColorSupported) output.print(`\n${trace.map(heat).join('')}\n${heatLegend(trace)}\n`)
    const rows = trace.map(({ text, entropy, temperature, probability, rank, nucleusSize }, step) => [
      String(step + 1),
      visible(text),
      entropy.toFixed(3),
      temperature.toFixed(3),
      probability.toFixed(4),
      String(rank),
      String(nucleusSize),
    ])
    const head = ['step', 'token', 'entropy', 'temperature', 'probability', 'rank', 'nucleus']
    output.print(table(head, rows, ['right', 'left', 'right', 'right', 'right', 'right', 'right']))
  }
}

/** From blue (cold) to red (hot) in the terminal's 256 colours. */
const HEAT = [33, 39, 45, 50, 48, 82, 118, 190, 220, 214, 208, 202, 196]

function heat({ text, temperature }: TokenTrace, _: number, trace: readonly TokenTrace[]): string {
  const hottest = Math.max(...trace.map((token) => token.temperature), Number.MIN_VALUE)
  const color = HEAT[Math.round((temperature / hottest) * (HEAT.length - 1))]
  return `\x1b[38;5;${color}m${text}\x1b[39m`
}

function heatLegend(trace: readonly TokenTrace[]): string {
  const hottest = Math.max(0, ...trace.map((token) => token.temperature))
  return `temperature 0 ${HEAT.map((color) => `\x1b[38;5;${color}m█`).join('')}\x1b[39m ${significant(hottest, 3)}`
}

/** A token's text with its blanks and line breaks to be seen. */
function visible(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(' ', '␣')
}
