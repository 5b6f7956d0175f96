import { checkChoice, checkInteger, checkTexts } from './checks.js'
import { formatSignature } from './signature.js'
import { BLEU_TOKENIZER_NAMES, BLEU_TOKENIZERS } from './tokenizers.js'
import type { DistinctOptions, DistinctScore } from './types.js'

/**
 * distinct-n: different n-grams over all n-grams of the samples taken together.
 *
 * It falls as samples grow longer or more, so compare it only at the same number and length.
 * @throws {MetricInputError} for no samples or something that is not text; {InvalidOptionError} for a bad option
 * @see Li et al. 2016, arXiv 1510.03055
 */
export function distinct(samples: string[], options: DistinctOptions = {}): DistinctScore {
  const { lowercase = false } = options
  const n = checkInteger('n', options.n ?? 2, 1)
  const name = checkChoice('tokenize', BLEU_TOKENIZER_NAMES, options.tokenize ?? '13a')
  checkTexts('distinct', 'samples', samples)
  const seen = new Set<string>()
  let total = 0
  for (const sample of samples) {
    const tokens = BLEU_TOKENIZERS[name](lowercase ? sample.toLowerCase() : sample)
    // Tokens hold no space, so joined by one they stay apart.
    for (let i = 0; i + n <= tokens.length; i++) seen.add(tokens.slice(i, i + n).join(' '))
    total += Math.max(tokens.length - n + 1, 0)
  }
  const signature = formatSignature({ n, case: lowercase ? 'lc' : 'mixed', tok: name })
  return { score: total === 0 ? 0 : seen.size / total, distinct: seen.size, total, signature }
}
