import { createContext, Script } from 'node:vm'
import type { TextEncoder } from './control-tokens.js'
import { ModelInputError } from './errors.js'
import type { ChatMessage, EncodedPrompt, LanguageModel } from './types.js'

/** A model's chat template. */
type Render = (messages: readonly ChatMessage[]) => string

/**
 * Token ids of a conversation in which only the template sets control tokens: `<|im_end|>` in a message is text like any other.
 *
 * The encoder cuts messages that hold control tokens into pieces that hold none. A mark is put between the pieces, the template is rendered around
 * them, and what is between two marks is encoded by itself.
 */
export function encodeChat(encoder: TextEncoder, messages: readonly ChatMessage[], render: Render): EncodedPrompt {
  const text = render(messages)
  const pieces = messages.map(({ content }) => encoder.harmlessPieces(content))
  if (pieces.every(({ length }) => length === 1)) return { text, tokenIds: encoder.bare(text) }
  const mark = unusedCharacter(text)
  const marked = messages.map((message, i) => ({ ...message, content: pieces[i].join(mark) }))
  return {
    text,
    tokenIds: render(marked)
      .split(mark)
      .flatMap((piece) => encoder.bare(piece)),
  }
}

/** A character for private use that the text does not have. */
function unusedCharacter(text: string): string {
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code)
    if (!text.includes(character)) return character
  }
  throw new ModelInputError(
    'A message uses every character of Unicode that is for private use, and control tokens besides.',
  )
}

/** A template takes well under a millisecond a message. */
const MOST_MILLISECONDS = 1000
/** What a template may add to the messages. */
const MOST_ADDED_CHARACTERS = 1_000_000

const context = createContext({})
const script = new Script('work()')

/**
 * Renders a model's chat template. Templates come with models, from anybody: they are Jinja, interpreted by `@huggingface/jinja`, which reaches nothing of
 * JavaScript, but they can loop and double. Time and length are bounded here.
 * @throws {ModelInputError} when the template refuses the conversation, is broken, or does not come to an end
 */
export function renderBounded(id: string, messages: readonly ChatMessage[], render: Render): string {
  let text: string
  try {
    // The time limit of node:vm stops whatever runs in the script, functions from outside included.
    text = script.runInContext(Object.assign(context, { work: () => render(messages) }), { timeout: MOST_MILLISECONDS })
  } catch (error) {
    const late = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    const problem = late
      ? `it takes longer than ${MOST_MILLISECONDS} ms`
      : error instanceof RangeError
        ? 'it is nested too deeply or grows too large'
        : error instanceof TypeError
          ? 'it is no complete template'
          : (error as Error).message
    throw new ModelInputError(`${id}: its chat template cannot be rendered for these messages (${problem}).`)
  }
  const given = messages.reduce((sum, { content }) => sum + content.length, 0)
  // A doubled string takes no room before somebody reads it.
  if (typeof text === 'string' && text.length <= 2 * given + MOST_ADDED_CHARACTERS) return text
  throw new ModelInputError(`${id}: its chat template makes ${text.length} characters of ${given}, so it is not used.`)
}

/**
 * A prompt as the model sees it, and its token ids: a plain text as it is, a conversation in the model's chat template.
 * @throws {ModelInputError} for a conversation when the model has no chat template
 */
export function encodePrompt(model: LanguageModel, prompt: string | readonly ChatMessage[]): EncodedPrompt {
  return typeof prompt === 'string' ? { text: prompt, tokenIds: model.encode(prompt) } : model.encodeChat(prompt)
}
