import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goldenCases } from './testing/golden.js'
import { BLEU_TOKENIZER_NAMES, BLEU_TOKENIZERS } from './tokenizers.js'
import type { BleuTokenizer } from './types.js'
import { splitWords } from './whitespace.js'

interface TokenizeCase {
  id: string
  tags: string[]
  text: string
  tokens: Record<BleuTokenizer, string[]>
}

const cases = goldenCases<TokenizeCase>('tokenize')

describe.each(BLEU_TOKENIZER_NAMES)('tokenizer %s', (name) => {
  const tokenize = BLEU_TOKENIZERS[name]

  it('splits every golden string as sacreBLEU does', () => {
    expect(cases).toHaveLength(105)
    for (const { id, text, tokens } of cases) expect(tokenize(text), id).toEqual(tokens[name])
  })

  it('gives tokens without white space or emptiness for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const token of tokenize(text)) expect(splitWords(token)).toEqual([token])
      }),
    )
  })
})

describe('tokenizer 13a', () => {
  // The rules as mteval-v13a states them, one regular expression after the other, space among the symbols.
  const literal = (text: string) =>
    ` ${text} `
      .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
      .replace(/([^0-9])([.,])/g, '$1 $2 ')
      .replace(/([.,])([^0-9])/g, ' $1 $2')
      .replace(/([0-9])(-)/g, '$1 $2 ')
      .split(' ')
      .filter((token) => token !== '')

  it('equals the literal rules on any mix of digits, stops, dashes and symbols', () => {
    const text = fc.string({ unit: fc.constantFrom('1', '2', 'a', '.', ',', '-', ' ', '%', "'", '/'), maxLength: 12 })
    fc.assert(
      fc.property(text, (mix) => {
        expect(BLEU_TOKENIZERS['13a'](mix)).toEqual(literal(mix.trimEnd()))
      }),
      { numRuns: 2000 },
    )
  })
})
