import { type BleuScore, type BleuStatistics, closestLength, scoreStatistics } from './bleu-score.js'
import { type BleuSettings, bleuSignature, resolveBleuOptions } from './bleu-settings.js'
import { checkPairs, checkText, checkTexts } from './checks.js'
import { indexNgrams, MAX_ORDER, ngramMatcher, ngramTotals } from './ngrams.js'
import { sharedCount } from './signature.js'
import type { BleuOptions } from './types.js'

/**
 * BLEU of one hypothesis, as sacreBLEU 2.6.0's `sentence_bleu`: 13a, exp smoothing, effective order.
 *
 * @param references at least one
 * @throws {MetricInputError} for no references or something that is not text; {InvalidOptionError} for a bad option
 */
export function sentenceBleu(hypothesis: string, references: string[], options: BleuOptions = {}): BleuScore {
  return bleuScorer(references, options)(hypothesis)
}

/**
 * `sentenceBleu` for many hypotheses with the same references, which are tokenized and counted once.
 *
 * @example
 * const score = bleuScorer(['Das ist gut.'])
 * samples.map((sample) => score(sample).score)
 */
export function bleuScorer(references: string[], options: BleuOptions = {}): (hypothesis: string) => BleuScore {
  const settings = resolveBleuOptions(options, true)
  checkTexts('sentenceBleu', 'references', references)
  const signature = bleuSignature(settings, references.length)
  const statistics = statisticsAgainst(references, settings)
  return (hypothesis) => {
    checkText('sentenceBleu', 'hypothesis', hypothesis)
    return scoreStatistics(statistics(hypothesis), settings, signature)
  }
}

/**
 * BLEU of a corpus, as sacreBLEU 2.6.0's `corpus_bleu`: counts are summed over the sentences, 13a, exp smoothing,
 * no effective order.
 *
 * @param references `references[i]` are those of `hypotheses[i]`, at least one each
 * @throws {MetricInputError} for empty lists, unequal lengths or something that is not text; {InvalidOptionError} for a
 * bad option
 */
export function corpusBleu(hypotheses: string[], references: string[][], options: BleuOptions = {}): BleuScore {
  const settings = resolveBleuOptions(options, false)
  checkPairs('corpusBleu', ['hypotheses', hypotheses], ['references', references])
  const sums: BleuStatistics = {
    hypothesisLength: 0,
    referenceLength: 0,
    counts: new Array<number>(MAX_ORDER).fill(0),
    totals: new Array<number>(MAX_ORDER).fill(0),
  }
  for (let i = 0; i < hypotheses.length; i++) {
    checkText('corpusBleu', `hypotheses[${i}]`, hypotheses[i])
    checkTexts('corpusBleu', `references[${i}]`, references[i])
    const one = statisticsAgainst(references[i], settings)(hypotheses[i])
    sums.hypothesisLength += one.hypothesisLength
    sums.referenceLength += one.referenceLength
    for (let n = 0; n < MAX_ORDER; n++) {
      sums.counts[n] += one.counts[n]
      sums.totals[n] += one.totals[n]
    }
  }
  return scoreStatistics(sums, settings, bleuSignature(settings, sharedCount(references.map((list) => list.length))))
}

function statisticsAgainst(
  references: readonly string[],
  { words }: BleuSettings,
): (hypothesis: string) => BleuStatistics {
  const texts = references.map(words)
  const lengths = texts.map((text) => text.length)
  const index = indexNgrams(texts)
  const matches = ngramMatcher(index, largestCounts(index.ids, index.bounds[MAX_ORDER]))
  return (hypothesis) => {
    const text = words(hypothesis)
    return {
      hypothesisLength: text.length,
      referenceLength: closestLength(text.length, lengths),
      counts: matches(text),
      totals: ngramTotals(text.length),
    }
  }
}

/** For each n-gram, how often the text that has it most has it. */
function largestCounts(ids: Int32Array[][], size: number): Int32Array {
  const largest = new Int32Array(size)
  for (const levels of ids) {
    const own = new Int32Array(size)
    for (const level of levels) for (const id of level) own[id]++
    for (const level of levels) for (const id of level) if (own[id] > largest[id]) largest[id] = own[id]
  }
  return largest
}
