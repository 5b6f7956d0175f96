import type { TokenTrace } from '../lm/types.js'
import type { GenerateResult, GenerateStart } from '../runtime/index.js'
import { significant, table } from './format.js'
import { heat, heatLegend } from './heat.js'
import type { Output } from './output.js'

/** `T0 0.92, θ 1.31 (learned, balance 0.5)` or the rule's signature: what decided the temperature. */
export function describeChoice({ t0, theta, balance, chosenBy, strategy }: GenerateStart): string {
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
export function printTrace({ samples }: Pick<GenerateResult, 'samples'>, output: Output): void {
  for (const [i, { trace = [] }] of samples.entries()) {
    if (samples.length > 1) output.print(`\nSample ${i + 1}`)
    if (output.colors.isColorSupported) output.print(`\n${colored(trace)}\n`)
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

function colored(trace: readonly TokenTrace[]): string {
  const hottest = Math.max(0, ...trace.map((token) => token.temperature))
  return `${trace.map(({ text, temperature }) => heat(text, temperature, hottest)).join('')}\n${heatLegend(hottest)}`
}

/** A token's text with its blanks and line breaks to be seen. */
function visible(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(' ', '␣')
}
