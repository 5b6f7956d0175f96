import { bleuScorer, rougeScorer } from '../../src/metrics/index.js'
import type { BleuTokenizer, QualityMetric } from '../../src/tasks/types.js'

/** Judges the samples of one prompt. */
export interface QualityScorer {
  /** 0–100. */
  score(text: string): number
  /** The metric and how it was computed. One for the whole task, so `nrefs` is `var` however many references this prompt has. */
  signature: string
}

/**
 * The quality metric of a task: ROUGE-L F1 × 100 against the best of the references, or sentence BLEU.
 * The references are tokenized once; a text that comes again is not scored again.
 * @param references at least one
 */
export function qualityScorer(
  metric: QualityMetric,
  references: readonly string[],
  tokenize: BleuTokenizer,
): QualityScorer {
  const judge = metric === 'bleu' ? bleu([...references], tokenize) : rougeL([...references])
  const known = new Map<string, number>()
  return {
    signature: judge('').signature.replace(/\bnrefs:\d+/, 'nrefs:var'),
    score(text) {
      let score = known.get(text)
      if (score === undefined) {
        score = judge(text).score
        known.set(text, score)
      }
      return score
    },
  }
}

type Judge = (text: string) => { score: number; signature: string }

function bleu(references: string[], tokenize: BleuTokenizer): Judge {
  const score = bleuScorer(references, { tokenize })
  return (text) => {
    const result = score(text)
    return { score: result.score, signature: `bleu|${result.signature}` }
  }
}

function rougeL(references: string[]): Judge {
  const score = rougeScorer(references)
  return (text) => {
    const result = score(text)
    return { score: 100 * result.rougeL.fmeasure, signature: `rougeL|${result.signature}` }
  }
}
