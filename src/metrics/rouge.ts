import { checkPairs, checkText, checkTexts } from './checks.js'
import { lcsLength } from './lcs.js'
import { porterStem } from './porter.js'
import { formatSignature, sharedCount } from './signature.js'
import type { CorpusRougeScores, RougeOptions, RougeScore, RougeScores } from './types.js'

/** The ROUGE types that are computed. */
export const ROUGE_TYPES = ['rouge1', 'rouge2', 'rougeL'] as const

/**
 * ROUGE-1, ROUGE-2 and ROUGE-L, as rouge-score 0.1.2 computes them. Of several references each type keeps the one with
 * the best F, the first on a tie.
 *
 * Tokens are runs of a–z and 0–9 after lower-casing, so never use it for Chinese: such text has no tokens and scores 0
 * against itself, or is judged on its few numbers alone. The result then carries a `warning`.
 *
 * @throws {MetricInputError} for no references or something that is not text
 * @see Lin 2004, "ROUGE: a package for automatic evaluation of summaries"
 */
export function rouge(prediction: string, references: string | string[], options: RougeOptions = {}): RougeScores {
  return rougeScorer(references, options)(prediction)
}

/** `rouge` for many predictions with the same references, which are tokenized and counted once. */
export function rougeScorer(
  references: string | string[],
  { stemmer = false }: RougeOptions = {},
): (prediction: string) => RougeScores {
  const texts = typeof references === 'string' ? [references] : references
  checkTexts('rouge', 'references', texts)
  const signature = rougeSignature(texts.length, stemmer)
  const scorers = texts.map((text) => scorerAgainst(tokenize(text, stemmer)))
  const foreignReference = texts.find(isMostlyForeign)
  return (prediction) => {
    checkText('rouge', 'prediction', prediction)
    const tokens = tokenize(prediction, stemmer)
    const best = scorers[0](tokens)
    for (let i = 1; i < scorers.length; i++) {
      const other = scorers[i](tokens)
      for (const type of ROUGE_TYPES) if (other[type].fmeasure > best[type].fmeasure) best[type] = other[type]
    }
    const foreign = foreignReference ?? (isMostlyForeign(prediction) ? prediction : undefined)
    return { ...best, signature, ...(foreign === undefined ? {} : { warning: foreignWarning(foreign) }) }
  }
}

/**
 * The mean of each ROUGE number over many predictions.
 *
 * @param references `references[i]` are those of `predictions[i]`
 * @throws {MetricInputError} for empty lists, unequal lengths or something that is not text
 */
export function corpusRouge(
  predictions: string[],
  references: (string | string[])[],
  options: RougeOptions = {},
): CorpusRougeScores {
  checkPairs('corpusRouge', ['predictions', predictions], ['references', references])
  const scores = predictions.map((prediction, i) => {
    const own = references[i]
    checkText('corpusRouge', `predictions[${i}]`, prediction)
    checkTexts('corpusRouge', `references[${i}]`, typeof own === 'string' ? [own] : own)
    return rouge(prediction, own, options)
  })
  const mean = (type: (typeof ROUGE_TYPES)[number], part: keyof RougeScore) =>
    scores.reduce((sum, score) => sum + score[type][part], 0) / scores.length
  const means = (type: (typeof ROUGE_TYPES)[number]): RougeScore => ({
    precision: mean(type, 'precision'),
    recall: mean(type, 'recall'),
    fmeasure: mean(type, 'fmeasure'),
  })
  const counts = references.map((list) => (typeof list === 'string' ? 1 : list.length))
  const warning = scores.find((score) => score.warning !== undefined)?.warning
  return {
    rouge1: means('rouge1'),
    rouge2: means('rouge2'),
    rougeL: means('rougeL'),
    count: scores.length,
    signature: rougeSignature(sharedCount(counts), options.stemmer ?? false),
    ...(warning === undefined ? {} : { warning }),
  }
}

/** Tokens as rouge-score's default tokenizer; only those of more than three characters are stemmed. */
export function tokenize(text: string, stemmer: boolean): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return stemmer ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens
}

type RougeTypes = Record<(typeof ROUGE_TYPES)[number], RougeScore>

function scorerAgainst(reference: readonly string[]): (prediction: readonly string[]) => RougeTypes {
  const ids = new Map<string, number>()
  const referenceIds = Int32Array.from(reference, (token) => {
    const id = ids.get(token) ?? ids.size
    ids.set(token, id)
    return id
  })
  const words = countPairs(referenceIds, 1, ids.size)
  const pairs = countPairs(referenceIds, 2, ids.size)
  return (prediction) => {
    const predictionIds = Int32Array.from(prediction, (token) => ids.get(token) ?? -1)
    const n = prediction.length
    const m = reference.length
    return {
      rouge1: score(overlap(words, countPairs(predictionIds, 1, ids.size)), n, m),
      rouge2: score(overlap(pairs, countPairs(predictionIds, 2, ids.size)), Math.max(n - 1, 0), Math.max(m - 1, 0)),
      rougeL: score(lcsLength(referenceIds, predictionIds), n, m),
    }
  }
}

/** How often each token (n = 1) or pair of neighbours (n = 2) occurs; those with a token of id −1 are left out. */
function countPairs(ids: Int32Array, n: 1 | 2, size: number): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i + n <= ids.length; i++) {
    const last = ids[i + n - 1]
    if (ids[i] < 0 || last < 0) continue
    const key = n === 1 ? last : ids[i] * size + last
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function overlap(a: Map<number, number>, b: Map<number, number>): number {
  let sum = 0
  for (const [key, count] of b) sum += Math.min(count, a.get(key) ?? 0)
  return sum
}

function score(matches: number, predicted: number, wanted: number): RougeScore {
  const precision = matches / Math.max(predicted, 1)
  const recall = matches / Math.max(wanted, 1)
  const fmeasure = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
  return { precision, recall, fmeasure }
}

function rougeSignature(references: number | 'var', stemmer: boolean): string {
  return formatSignature({ nrefs: references, case: 'lc', tok: 'rouge', stem: stemmer ? 'yes' : 'no' })
}

const LETTERS_AND_DIGITS = /[\p{L}\p{N}]/gu
const BEYOND_ASCII = /[^\0-\x7f]/

/** True when most letters and digits of a text are none that ROUGE sees. */
function isMostlyForeign(text: string): boolean {
  if (!BEYOND_ASCII.test(text)) return false
  const all = text.match(LETTERS_AND_DIGITS)?.length ?? 0
  const seen = text.match(/[a-z0-9]/gi)?.length ?? 0
  return all > 2 * seen
}

function foreignWarning(text: string): string {
  const excerpt = text.length > 40 ? `${text.slice(0, 39)}…` : text
  return `ROUGE sees only a–z and 0–9, but "${excerpt}" is mostly other letters, so its score means nothing; use BLEU with tokenize zh or char.`
}
