/**
 * Where the time of prefills and of decoding goes. Counters that they add to; several may share one object. Times are in
 * milliseconds of the thread that runs the model; taking them costs about a microsecond a step.
 */
export interface DecodeProfile {
  /** Passes of the model. */
  steps: number
  /** Tokens drawn after a pass: rows served, summed over the steps. */
  rows: number
  /** Rows that the model computed, summed over the steps: fewer than `rows` where rows had the same tokens so far. */
  lanes: number
  /** Prompts through the model, their surprisals included. */
  prefill: number
  /** In the model's session, the runtime's own copies of inputs and outputs included. */
  model: number
  /** Keys and values: joining, laying out and filling the cache, and making the session's inputs. */
  cache: number
  /** Entropy, temperature, truncation, draw and the row's stop rule. */
  draw: number
  /** The rest of the engine's loop. */
  bookkeeping: number
}

export function newDecodeProfile(): DecodeProfile {
  return { steps: 0, rows: 0, lanes: 0, prefill: 0, model: 0, cache: 0, draw: 0, bookkeeping: 0 }
}

/** Adds every counter of `from` to the same one of `to`. */
export function addProfile<P extends object>(to: P, from: P): void {
  for (const [name, value] of Object.entries(from) as [keyof P, number][]) {
    ;(to[name] as number) += value
  }
}
