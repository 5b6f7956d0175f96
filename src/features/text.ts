import type { Feature } from './feature.js'

const CLASSES: [name: string, pattern: RegExp][] = [
  ['letters', /\p{L}/gu],
  ['upper_case', /\p{Lu}/gu],
  ['digits', /\p{N}/gu],
  ['punctuation', /\p{P}/gu],
  ['symbols', /\p{S}/gu],
  ['white_space', /\s/gu],
  ['ideographs', /\p{Script=Han}/gu],
  ['not_ascii', /[^\p{ASCII}]/gu],
]

/** Features of the prompt's characters: shares of character classes, words, lines. */
export function textFeatures(text: string): Feature[] {
  const length = Math.max(1, text.length)
  const words = text.match(/\S+/g) ?? []
  return [
    { name: 'text.log_characters', value: Math.log1p(text.length) },
    ...CLASSES.map(
      ([name, pattern]): Feature => ({ name: `text.${name}`, value: (text.match(pattern)?.length ?? 0) / length }),
    ),
    { name: 'text.mean_word_length', value: words.length === 0 ? 0 : words.join('').length / words.length },
    { name: 'text.distinct_words', value: new Set(words).size / Math.max(1, words.length) },
    { name: 'text.log_lines', value: Math.log(text.split('\n').length) },
    { name: 'text.questions', value: Math.log1p(text.match(/[?？]/g)?.length ?? 0) },
  ]
}
