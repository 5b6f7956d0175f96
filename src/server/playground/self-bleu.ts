import type { BleuTokenizer } from '../../metrics/index.js'
import { BLEU_TOKENIZER_NAMES, selfBleu } from '../../metrics/index.js'
import type { TunerMetadata } from '../../tuner/index.js'
import type { SelfBleuAnswer, SelfBleuRequest } from './shared/types.js'

/**
 * Self-BLEU of one prompt's answers, cut into words as the tuner's training cut those of the task, so that it compares with the surfaces (n being equal).
 * @throws {MetricInputError} for fewer than two answers
 */
export function scoreAnswers({ texts, task }: SelfBleuRequest, tuner: TunerMetadata | undefined): SelfBleuAnswer {
  const { score, signature } = selfBleu([...texts], { tokenize: tokenizerOf(tuner?.signatures[task ?? '']) })
  return { score, signature }
}

/** The tokenizer that a task's signature, `quality & Self-BLEU`, names for Self-BLEU. */
function tokenizerOf(signature = ''): BleuTokenizer | undefined {
  const name = /&.*\btok:([^|]+)/.exec(signature)?.[1]
  return BLEU_TOKENIZER_NAMES.find((known) => known === name)
}
