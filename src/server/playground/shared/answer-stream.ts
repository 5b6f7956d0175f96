import type { TokenStep } from './token-facts.js'

/** What was settled before the first token of a request. */
export interface AnswerStart {
  t0?: number
  theta?: number
  balance?: number
  chosen_by: 'tuner' | 'user' | 'tuner and user'
}

/** What happened to one of a request's answers, by its place in the list of answers. */
export type AnswerEvent =
  | { type: 'start'; answer: number; start: AnswerStart }
  | { type: 'token'; answer: number; text: string; steps: readonly TokenStep[] }
  | { type: 'end'; answer: number; reason: 'stop' | 'length' }

/** One `data:` of a streamed answer, as far as the page reads it. */
interface Chunk {
  choices?: {
    index: number
    text?: string
    delta?: { content?: string }
    finish_reason: 'stop' | 'length' | null
    edt?: Partial<AnswerStart> & { trace?: TokenStep[] }
  }[]
  error?: { message: string }
}

/** The answer could not be given; the message is a sentence for the reader. */
export class AnswerError extends Error {
  override name = 'AnswerError' as const
}

/**
 * The events of a streamed answer (server-sent events in OpenAI's shape), in order.
 * @throws {AnswerError} when the server reports an error on the way, or the stream ends before its `[DONE]`
 */
export async function* answerEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<AnswerEvent> {
  for await (const data of serverSentData(bytes)) {
    if (data === '[DONE]') return
    const { choices = [], error } = JSON.parse(data) as Chunk
    if (error !== undefined) throw new AnswerError(error.message)
    for (const { index: answer, text, delta, finish_reason: reason, edt = {} } of choices) {
      if (edt.chosen_by !== undefined) yield { type: 'start', answer, start: { ...edt, chosen_by: edt.chosen_by } }
      const piece = text ?? delta?.content ?? ''
      const steps = edt.trace ?? []
      if (piece !== '' || steps.length > 0) yield { type: 'token', answer, text: piece, steps }
      if (reason !== null) yield { type: 'end', answer, reason }
    }
  }
  throw new AnswerError('The connection to the server broke off before the answer was complete; try again.')
}

/** The `data` of server-sent events; each of ours is one line. */
async function* serverSentData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() as string
    for (const line of lines) {
      if (line.startsWith('data:')) yield line.slice(5).trim()
    }
  }
}
