import { bench, describe } from 'vitest'
import { bleuScorer, rouge, rougeScorer, selfBleu } from '../src/metrics/index.js'

const WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had'.split(' ')

/** Texts of 30 words, with a comma and a final stop, that share many n-grams. */
function texts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const words = Array.from({ length: 30 }, (_, j) => WORDS[(j * 7 + (j % (i + 3) === 0 ? i : 0)) % WORDS.length])
    return `${words.slice(0, 12).join(' ')}, ${words.slice(12).join(' ')}.`
  })
}

const samples = texts(5)
const reference = texts(8)[7]

describe('one rollout: 5 samples of 30 words', () => {
  bench('Self-BLEU (target: 300 µs)', () => {
    selfBleu(samples)
  })
  bench('sentence BLEU of each against one reference', () => {
    const score = bleuScorer([reference])
    for (const sample of samples) score(sample)
  })
  bench('ROUGE of each against one reference', () => {
    const score = rougeScorer(reference)
    for (const sample of samples) score(sample)
  })
})

describe('one sample of 30 words', () => {
  bench('ROUGE against one reference (target: 50 µs)', () => {
    rouge(samples[0], reference)
  })
})
