import type { TokenAlternative, TokenTrace } from '../../lm/types.js'

/** OpenAI's `logprobs` of a chat: the model's own log-probabilities, before temperature and truncation. */
export function chatLogprobs(steps: readonly TokenTrace[], top: number) {
  return {
    content: steps.map((step) => ({
      ...entry(step),
      top_logprobs: (step.alternatives ?? []).slice(0, top).map(entry),
    })),
    refusal: null,
  }
}

/** OpenAI's older `logprobs` of a completion. @param offset characters of text before the first of these tokens */
export function completionLogprobs(steps: readonly TokenTrace[], top: number, offset = 0) {
  let at = offset
  return {
    tokens: steps.map((step) => step.text),
    token_logprobs: steps.map((step) => finite(step.logprob)),
    top_logprobs: steps.map(({ alternatives = [] }) =>
      Object.fromEntries(alternatives.slice(0, top).map(({ text, logprob }) => [text, finite(logprob)])),
    ),
    text_offset: steps.map(({ text }) => {
      const start = at
      at += text.length
      return start
    }),
  }
}

/** JSON knows no −∞; OpenAI's API says this instead. */
const IMPOSSIBLE = -9999

const finite = (logprob: number): number => Math.max(logprob, IMPOSSIBLE)

function entry({ text, logprob }: Pick<TokenAlternative, 'text' | 'logprob'>) {
  return { token: text, logprob: finite(logprob), bytes: [...Buffer.from(text)] }
}
