/** Finds stop strings in a row's text without decoding the whole row at every token. */
export class StopDetector {
  private readonly longest: number
  /** Pieces of non-ASCII text may be spread over tokens that are no valid text alone, so these always decode the row. */
  private readonly needsWholeText: boolean
  private tail = ''

  constructor(
    private readonly stopStrings: readonly string[],
    private readonly tokenText: (token: number) => string,
    private readonly decode: (tokens: readonly number[]) => string,
  ) {
    this.longest = Math.max(0, ...stopStrings.map((stop) => stop.length))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
    this.needsWholeText = stopStrings.some((stop) => /[^\x00-\x7f]/.test(stop))
  }

  /**
   * @param tokens all tokens of the row, the newest last
   * @returns the row's text cut before the first stop string, or undefined when there is none yet
   */
  push(tokens: readonly number[]): string | undefined {
    if (this.longest === 0) return undefined
    this.tail += this.tokenText(tokens[tokens.length - 1])
    const maybe = this.needsWholeText || this.stopStrings.some((stop) => this.tail.includes(stop))
    this.tail = this.tail.slice(-(this.longest - 1) || this.tail.length)
    if (!maybe) return undefined
    return cutAtStop(this.decode(tokens), this.stopStrings)
  }
}

/** The text before the earliest stop string, or undefined when none occurs. */
export function cutAtStop(text: string, stopStrings: readonly string[]): string | undefined {
  let first = -1
  for (const stop of stopStrings) {
    const at = text.indexOf(stop)
    if (at >= 0 && (first < 0 || at < first)) first = at
  }
  return first < 0 ? undefined : text.slice(0, first)
}
