import type { BleuTokenizer } from './types.js'
import { splitCodePoints, splitWords, trimEnd, trimStart } from './whitespace.js'

/** Turns text into tokens. */
export type Tokenizer = (text: string) => string[]

/**
 * BLEU's tokenizers, as in sacreBLEU 2.6.0.
 *
 * - `13a`: mteval-v13a, the WMT default for languages that write spaces.
 * - `zh`: every Chinese character by itself, the rest as 13a (without its entity decoding).
 * - `char`: every code point by itself.
 * - `intl`: mteval-v14 with Unicode's punctuation and symbol classes, as this Node's Unicode version has them.
 * - `none`: split at white space.
 */
export const BLEU_TOKENIZERS: Record<BleuTokenizer, Tokenizer> = {
  '13a': (text) => splitWesternPunctuation(` ${undoMarkup(trimEnd(text))} `),
  zh: (text) => splitWesternPunctuation(trimStart(trimEnd(text)).replace(CHINESE, ' $& ')),
  char: splitCodePoints,
  intl: (text) =>
    splitWords(
      trimEnd(text)
        .replace(NON_NUMBER_BEFORE_PUNCTUATION, '$1 $2 ')
        .replace(PUNCTUATION_BEFORE_NON_NUMBER, ' $1 $2')
        .replace(SYMBOL, ' $& '),
    ),
  none: splitWords,
}

export const BLEU_TOKENIZER_NAMES = Object.keys(BLEU_TOKENIZERS) as BleuTokenizer[]

/**
 * sacreBLEU's table of Chinese ranges as it works in effect. It means to list U+20000–U+2A6D6, but Python reads the
 * escapes `'\u20000'` and `'\u2a6d6'` as two characters each, so that all of U+2001–U+2A6D counts as Chinese instead.
 */
const CHINESE =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g

const NON_NUMBER_BEFORE_PUNCTUATION = /(\P{N})(\p{P})/gu
const PUNCTUATION_BEFORE_NON_NUMBER = /(\p{P})(\P{N})/gu
const SYMBOL = /\p{S}/gu

function undoMarkup(text: string): string {
  let result = text
  if (result.includes('<')) result = result.replaceAll('<skipped>', '')
  if (result.includes('\n')) result = result.replaceAll('-\n', '').replaceAll('\n', ' ')
  if (result.includes('&')) {
    // This order makes `&amp;lt;` a `<`, as in mteval.
    result = result.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>')
  }
  return result
}

const ASCII_SYMBOL = /[!-&(-+/:-@[-`{-~]/g
const NON_DIGIT_BEFORE_STOP = /([^0-9])([.,])/g
const STOP_BEFORE_NON_DIGIT = /([.,])([^0-9])/g
const DIGIT_BEFORE_DASH = /([0-9])-/g

function splitWesternPunctuation(text: string): string[] {
  return splitWords(
    text
      .replace(ASCII_SYMBOL, ' $& ')
      .replace(NON_DIGIT_BEFORE_STOP, '$1 $2 ')
      .replace(STOP_BEFORE_NON_DIGIT, ' $1 $2')
      .replace(DIGIT_BEFORE_DASH, '$1 - '),
  )
}
