import { InvalidOptionError } from '../errors.js'
import { closestLength, scoreStatistics } from './bleu-score.js'
import { type BleuSettings, bleuSignature, resolveBleuOptions } from './bleu-settings.js'
import { checkInteger, checkTexts } from './checks.js'
import { MetricInputError } from './errors.js'
import { indexNgrams, MAX_ORDER, ngramTotals } from './ngrams.js'
import { sharedCount } from './signature.js'
import type { CorpusSelfBleuScore, SelfBleuOptions, SelfBleuScore } from './types.js'

/**
 * Self-BLEU of one prompt's samples: the mean over the samples of the sentence BLEU of that sample against the others
 * (exp smoothing and effective order unless told otherwise). A sample is left out of its references by position, so
 * equal samples score 100; empty samples stay in and score 0.
 *
 * @param samples at least two, and at least `group`
 * @throws {MetricInputError} for too few samples or something that is not text; {InvalidOptionError} for a bad option
 * @see Zhu et al. 2018, Texygen, arXiv 1802.01886
 */
export function selfBleu(samples: string[], options: SelfBleuOptions = {}): SelfBleuScore {
  const settings = resolveBleuOptions(options, true)
  checkTexts('selfBleu', 'samples', samples)
  const n = groupSize(samples.length, options.group)
  const scores: number[] = []
  const groups: number[] = []
  for (let start = 0; start + n <= samples.length; start += n) {
    const group = scoreGroup(samples.slice(start, start + n).map(settings.words), settings)
    groups.push(mean(group))
    scores.push(...group)
  }
  return { score: mean(groups), groups, samples: scores, signature: selfBleuSignature(settings, n) }
}

/**
 * Self-BLEU of a corpus: the mean over its prompts.
 *
 * @param prompts the samples of each prompt, see `selfBleu`
 * @throws as `selfBleu`, naming the prompt by its position
 */
export function corpusSelfBleu(prompts: string[][], options: SelfBleuOptions = {}): CorpusSelfBleuScore {
  const settings = resolveBleuOptions(options, true)
  if (!Array.isArray(prompts) || prompts.length === 0) {
    throw new MetricInputError('corpusSelfBleu', 'prompts must be a list with the samples of at least one prompt.')
  }
  const sizes: number[] = []
  const scores = prompts.map((samples, i) => {
    checkTexts('corpusSelfBleu', `prompts[${i}]`, samples)
    sizes.push(groupSize(samples.length, options.group, `prompts[${i}]`))
    return selfBleu(samples, options).score
  })
  return { score: mean(scores), prompts: scores, signature: selfBleuSignature(settings, sharedCount(sizes)) }
}

function groupSize(samples: number, group: number | undefined, what = 'samples'): number {
  if (group !== undefined) checkInteger('group', group, 2)
  const n = group ?? samples
  if (samples < 2) {
    throw new MetricInputError(
      'selfBleu',
      `${what} holds one sample, which has no other to compare with; give at least two.`,
    )
  }
  if (samples < n) {
    throw new InvalidOptionError(
      'group',
      `at most the number of samples in ${what}, ${samples}`,
      n,
      'Draw more samples or lower it.',
    )
  }
  return n
}

function selfBleuSignature(settings: BleuSettings, n: number | 'var'): string {
  return bleuSignature(settings, n === 'var' ? n : n - 1, { n })
}

/**
 * BLEU of each text against all others. All n-grams are numbered and counted once for the whole group: of an n-gram
 * that text i has c times, the other texts allow as many matches as the one that has it most. That is the group's
 * largest count, or its second largest when text i is the one that has the largest (two that tie have second = largest).
 */
function scoreGroup(texts: string[][], settings: BleuSettings): number[] {
  const { ids, bounds } = indexNgrams(texts)
  const largest = new Int32Array(bounds[MAX_ORDER])
  const second = new Int32Array(bounds[MAX_ORDER])
  const own = new Int32Array(bounds[MAX_ORDER])
  for (const levels of ids) {
    for (const level of levels) {
      for (const id of level) own[id]++
      for (const id of level) {
        const count = own[id]
        if (count > largest[id]) {
          second[id] = largest[id]
          largest[id] = count
        } else if (count > second[id]) second[id] = count
        own[id] = 0
      }
    }
  }
  const lengths = texts.map((text) => text.length)
  return ids.map((levels, i) => {
    const counts = levels.map((level) => {
      for (const id of level) own[id]++
      let matches = 0
      for (const id of level) {
        matches += own[id] === largest[id] ? second[id] : own[id]
        own[id] = 0 // The next visit to a repeated n-gram adds nothing.
      }
      return matches
    })
    const others = lengths.filter((_, j) => j !== i)
    const statistics = {
      hypothesisLength: lengths[i],
      referenceLength: closestLength(lengths[i], others),
      counts,
      totals: ngramTotals(lengths[i]),
    }
    return scoreStatistics(statistics, settings, '').score
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
