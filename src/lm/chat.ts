import type { PreTrainedTokenizer } from '@huggingface/transformers'
import type { ChatMessage, EncodedPrompt, LanguageModel } from './types.js'

/** What a prompt is encoded with. */
type Tokenizer = Pick<PreTrainedTokenizer, 'encode' | 'all_special_tokens'>

/**
 * Token ids of a conversation in which only the template sets control tokens: `<|im_end|>` in a message is text like any other.
 *
 * A tokenizer finds control tokens by their text. So a mark is put inside those that messages hold, the template is rendered around them, and
 * the pieces between marks are encoded one by one, none of which holds a control token of the user's any more.
 * @param render the model's chat template
 */
export function encodeChat(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  render: (messages: readonly ChatMessage[]) => string,
): EncodedPrompt {
  const text = render(messages)
  const encode = (piece: string) => tokenizer.encode(piece, { add_special_tokens: false })
  const holdsControl = (content: string) => tokenizer.all_special_tokens.some((token) => content.includes(token))
  if (!messages.some(({ content }) => holdsControl(content))) return { text, tokenIds: encode(text) }
  const mark = unusedCharacter(text)
  const marked = messages.map((message) => ({
    ...message,
    content: tokenizer.all_special_tokens.reduce(
      // Behind the first character: what is left on either side is no control token.
      (content, token) => content.replaceAll(token, `${token.slice(0, 1)}${mark}${token.slice(1)}`),
      message.content,
    ),
  }))
  const pieces = render(marked).split(mark)
  return { text, tokenIds: pieces.flatMap(encode) }
}

/** A character for private use that the text does not have. */
function unusedCharacter(text: string): string {
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code)
    if (!text.includes(character)) return character
  }
  throw new RangeError('The text uses every character for private use.')
}

/**
 * A prompt as the model sees it, and its token ids: a plain text as it is, a conversation in the model's chat template.
 * @throws {ModelInputError} for a conversation when the model has no chat template
 */
export function encodePrompt(model: LanguageModel, prompt: string | readonly ChatMessage[]): EncodedPrompt {
  return typeof prompt === 'string' ? { text: prompt, tokenIds: model.encode(prompt) } : model.encodeChat(prompt)
}
