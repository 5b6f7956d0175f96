import type { PreTrainedTokenizer } from '@huggingface/transformers'
import { ModelInputError } from './errors.js'

/** What texts are encoded with. */
export type Tokenizer = Pick<PreTrainedTokenizer, 'encode' | 'all_special_tokens' | 'all_special_ids'>

/**
 * Encodes texts of users so that control tokens in them, such as `<|im_end|>`, stay text: a tokenizer finds control tokens by their text, wherever it
 * comes from, and a user must not be able to end a turn or to open one of the system's.
 */
export class TextEncoder {
  readonly #controlIds: ReadonlySet<number>
  /** What the tokenizer sets before and after every text, as many tokens each. */
  readonly #before: readonly number[]
  readonly #after: readonly number[]

  constructor(private readonly tokenizer: Tokenizer) {
    this.#controlIds = new Set(tokenizer.all_special_ids)
    const probe = 'a'
    const framed = this.#tokenize(probe, true)
    const bare = this.bare(probe)
    const start = framed.findIndex((_, i) => bare.every((id, j) => framed[i + j] === id))
    this.#before = start < 0 ? [] : framed.slice(0, start)
    this.#after = start < 0 ? [] : framed.slice(start + bare.length)
  }

  /** Token ids of a text, with those that the tokenizer sets around every text; none of the others is a control token. */
  encode(text: string): number[] {
    const bare = this.bare(text)
    const body = this.#holdsControl(bare) ? this.harmlessPieces(text).flatMap((piece) => this.bare(piece)) : bare
    return [...this.#before, ...body, ...this.#after]
  }

  /** Token ids of exactly this text, control tokens included. */
  bare(text: string): number[] {
    return this.#tokenize(text, false)
  }

  /**
   * Cuts a text into pieces that hold no control token when each is encoded alone; a text that holds none is one piece. A character that is a control
   * token all by itself is left out.
   */
  harmlessPieces(text: string): string[] {
    if (!this.#holdsControl(this.bare(text))) return [text]
    let pieces = [text]
    for (const token of this.tokenizer.all_special_tokens) {
      // Behind the first character: what is left on either side is no such token.
      if (token.length > 1) pieces = pieces.flatMap((piece) => cutInside(piece, token))
    }
    return pieces.flatMap((piece) => this.#halved(piece))
  }

  /** @throws {ModelInputError} when the tokenizer, whose parts come out of a file, does not work */
  #tokenize(text: string, add_special_tokens: boolean): number[] {
    let ids: number[]
    try {
      ids = this.tokenizer.encode(text, { add_special_tokens })
    } catch (error) {
      throw brokenTokenizer(`transformers.js: ${(error as Error).message}`)
    }
    if (!ids.every(Number.isInteger)) throw brokenTokenizer('it makes tokens that are not in its vocabulary')
    return ids
  }

  /** For what only becomes a control token inside the tokenizer, by its normalizer, say. */
  #halved(piece: string): string[] {
    if (!this.#holdsControl(this.bare(piece))) return [piece]
    const middle = middleOf(piece)
    if (middle === piece.length) return []
    return [...this.#halved(piece.slice(0, middle)), ...this.#halved(piece.slice(middle))]
  }

  #holdsControl(ids: readonly number[]): boolean {
    return ids.some((id) => this.#controlIds.has(id))
  }
}

function brokenTokenizer(problem: string): ModelInputError {
  return new ModelInputError(
    `The model's tokenizer.json is not in order: a text cannot be encoded with it (${problem}).`,
  )
}

/** Cuts behind the first character of every occurrence, overlapping ones too. */
function cutInside(text: string, token: string): string[] {
  const pieces: string[] = []
  let start = 0
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    pieces.push(text.slice(start, at + 1))
    start = at + 1
  }
  return [...pieces, text.slice(start)].filter((piece) => piece !== '')
}

/** Never inside a character; the end for a single one. */
function middleOf(text: string): number {
  const middle = Math.ceil(text.length / 2)
  const inside = /[\ud800-\udbff]/.test(text[middle - 1]) && /[\udc00-\udfff]/.test(text[middle] ?? '')
  return inside ? middle + 1 : middle
}
