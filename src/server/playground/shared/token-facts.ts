/** A token that could have been drawn, as the server tells it. */
export interface Alternative {
  token: number
  text: string
  /** ln p at temperature 1 over the whole vocabulary. */
  logprob: number
}

/** One step of an answer, as the server's `edt.trace` tells it. */
export interface TokenStep {
  /** '' for the token that ends an answer. */
  text: string
  /** Nats. */
  entropy: number
  temperature: number
  /** With which the token was drawn: after temperature and truncation. */
  probability: number
  /** Tokens that were left to draw from. */
  nucleus_size: number
  /** 0 for the most probable token. */
  rank: number
  /** ln p at temperature 1 over the whole vocabulary. */
  logprob: number
  /** Most probable first. */
  alternatives?: Alternative[]
}

/** An alternative's chances, 0–1. */
export interface AlternativeFacts {
  text: string
  /** In the model's own distribution. */
  model: number
  /** At this step's temperature, after truncation. */
  drawn: number
  /** Whether this is the token that was drawn. */
  chosen: boolean
}

/**
 * How probable each alternative was. At temperature T the probabilities of two tokens are as p₁^(1/T) to p₂^(1/T), so that of an alternative follows from
 * the drawn token's; one beyond the nucleus could not be drawn.
 */
export function alternativeFacts(step: TokenStep): AlternativeFacts[] {
  const { probability, temperature, logprob, nucleus_size: nucleusSize, rank, alternatives = [] } = step
  return alternatives.map((alternative, i) => {
    const chosen = i === rank
    const odds = chosen ? 1 : Math.exp((alternative.logprob - logprob) / temperature)
    const drawn = i < nucleusSize ? Math.min(1, probability * odds) : 0
    return {
      text: alternative.text,
      model: Math.exp(alternative.logprob),
      drawn: Number.isNaN(drawn) ? 0 : drawn,
      chosen,
    }
  })
}

/** A token's text as it is shown: line ends and tabs visible, the end of an answer named. */
export function visibleText(text: string): string {
  return text === '' ? 'end' : text.replace(/\r?\n/g, '⏎').replaceAll('\t', '⇥')
}

/** A probability in percent, with as many digits as say something. */
export function percent(probability: number): string {
  const value = 100 * probability
  if (value > 0 && value < 0.1) return '< 0.1 %'
  return `${value >= 99.95 || value === 0 ? Math.round(value) : value.toFixed(1)} %`
}
