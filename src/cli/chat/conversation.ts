import { type ChatMessage, ContextOverflowError, type LanguageModel } from '../../lm/index.js'
import { type GenerateOptions, type StreamChunk, stream } from '../../runtime/index.js'

export interface ConversationOptions {
  model: LanguageModel
  system?: string
  /** Makes a prompt of a message; then, and for a model without a chat template, every message stands alone. */
  asPrompt?: (message: string) => string
}

/** What was said so far, and the next answer. */
export class Conversation {
  /** Whether the model sees earlier messages. */
  readonly remembers: boolean
  /** Messages that were forgotten because the model's context was full. */
  forgotten = 0
  #messages: ChatMessage[] = []
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
    this.remembers = options.model.hasChatTemplate && options.asPrompt === undefined
  }

  reset(): void {
    this.#messages = []
    this.forgotten = 0
  }

  /**
   * Answers a message. An answer that is left before its end is no part of the conversation, nor is its message.
   * Where the context is full, the oldest messages are forgotten.
   * @throws as `stream`
   */
  async *answer(message: string, options: Omit<GenerateOptions, 'onToken' | 'samples'>): AsyncGenerator<StreamChunk> {
    const { model, system, asPrompt } = this.#options
    if (!this.remembers) {
      yield* stream(model, asPrompt?.(message) ?? message, options)
      return
    }
    const said: ChatMessage = { role: 'user', content: message }
    const first: ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }]
    for (;;) {
      try {
        let answer = ''
        for await (const chunk of stream(model, [...first, ...this.#messages, said], options)) {
          answer += chunk.text
          yield chunk
        }
        this.#messages.push(said, { role: 'assistant', content: answer })
        return
      } catch (error) {
        // Thrown before the first chunk, so nothing has been shown twice.
        if (!(error instanceof ContextOverflowError) || this.#messages.length === 0) throw error
        this.forgotten += this.#messages.splice(0, 2).length
      }
    }
  }
}
