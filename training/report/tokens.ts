import type { ExampleRollout, ExampleToken, WorkedExample } from '../ablate/types.js'
import { decimal } from './numbers.js'

/** A token as it is shown. */
export interface ShownToken {
  /** Its text; line breaks as ⏎, a token without text as ∅. */
  text: string
  /** A token that ends in a line break is the last of its line. */
  breaks: boolean
  /** Of the highest temperature in the examples, 0–1. */
  share: number
  /** Entropy, temperature and probability in words. */
  title: string
}

/** Do the examples have tokens? Those of ablations that were told not to record them do not. */
export function hasTokens(examples: readonly WorkedExample[]): boolean {
  return examples.some(({ learned, compared }) => learned.tokens !== undefined || compared.tokens !== undefined)
}

/** The highest temperature of all tokens, the end of the colour scale; at least a hundredth. */
export function highestTemperature(examples: readonly WorkedExample[]): number {
  const tokens = examples.flatMap(({ learned, compared }) => [...(learned.tokens ?? []), ...(compared.tokens ?? [])])
  return tokens.reduce((highest, { temperature }) => Math.max(highest, temperature), 0.01)
}

export function shownTokens({ tokens = [] }: ExampleRollout, highest: number): ShownToken[] {
  return tokens.map((token) => ({
    text: token.text === '' ? '∅' : token.text.replace(/\r?\n/g, '⏎').replaceAll('\t', '⇥'),
    breaks: /\n$/.test(token.text),
    share: token.temperature / highest,
    title: titleOf(token),
  }))
}

function titleOf({ entropy, temperature, probability }: ExampleToken): string {
  const chance = probability >= 0.001 ? decimal(100 * probability) : '< 0.1'
  return `entropy ${decimal(entropy, 2)} nats, temperature ${decimal(temperature, 2)}, drawn with probability ${chance} %`
}
