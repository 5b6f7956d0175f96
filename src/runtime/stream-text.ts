/**
 * Turns tokens into text as they come. A character may be spread over several tokens, and a stop string must not be
 * shown: text is held back until it is certain. What is still held back when the answer ends is in the result's text.
 */
export class StreamText {
  private readonly tokens: number[] = []
  private shown = 0

  constructor(
    private readonly decode: (tokens: readonly number[]) => string,
    private readonly stopStrings: readonly string[],
  ) {}

  /** @returns the text that became certain with this token */
  push(token: number): string {
    this.tokens.push(token)
    const text = this.decode(this.tokens)
    const certain = this.certainLength(text)
    const added = text.slice(this.shown, certain)
    this.shown = Math.max(this.shown, certain)
    return added
  }

  /** @returns what is missing from the text shown so far, once the whole text is known */
  rest(text: string): string {
    return text.slice(this.shown)
  }

  private certainLength(text: string): number {
    let end = text.length
    // U+FFFD at the end is a character whose last bytes have not come yet.
    while (end > 0 && text[end - 1] === '\uFFFD') end--
    for (const stop of this.stopStrings) {
      const at = text.indexOf(stop)
      if (at >= 0) end = Math.min(end, at)
      for (let length = Math.min(stop.length - 1, end); length > 0; length--) {
        if (text.slice(0, end).endsWith(stop.slice(0, length))) {
          end -= length
          break
        }
      }
    }
    return end
  }
}
