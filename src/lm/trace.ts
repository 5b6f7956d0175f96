import { logitStatistics, type SampledToken, tokenRank, topTokens } from '../sampling/index.js'
import type { TokenTrace } from './types.js'

/**
 * What one step looked like, for a trace.
 * @param logits the step's row, length = vocabulary size
 * @param tokenText text of one token alone
 * @param alternatives how many of the most probable tokens to name; 0 names none
 */
export function traceStep(
  sampled: SampledToken,
  logits: Float32Array,
  tokenText: (token: number) => string,
  alternatives: number,
): TokenTrace {
  const { token } = sampled
  const { logNormalizer } = logitStatistics(logits)
  const step: TokenTrace = {
    ...sampled,
    text: tokenText(token),
    rank: tokenRank(logits, token),
    logprob: logits[token] - logNormalizer,
  }
  if (alternatives === 0) return step
  const top = topTokens(logits, alternatives)
  return {
    ...step,
    alternatives: top.map(({ token: id, logit }) => ({
      token: id,
      text: tokenText(id),
      logprob: logit - logNormalizer,
    })),
  }
}
