import { AnswerError, type AnswerEvent, type AnswerStart, answerEvents } from '../shared/answer-stream.js'
import type { PlaygroundExamples, PlaygroundSettings, SelfBleuAnswer, SelfBleuRequest } from '../shared/types.js'

/** The server's API, as the page uses it. Every failure is an `AnswerError` with a sentence for the reader. */
export class Client {
  /** Sent with every request when it is not empty; held here and nowhere else. */
  key = ''

  settings(): Promise<PlaygroundSettings> {
    return this.#json('/playground/settings')
  }

  examples(task: string): Promise<PlaygroundExamples> {
    return this.#json(`/playground/examples?task=${encodeURIComponent(task)}`)
  }

  selfBleu(request: SelfBleuRequest, signal: AbortSignal): Promise<SelfBleuAnswer> {
    return this.#json('/playground/self-bleu', request, signal)
  }

  /** What the server chooses for a request, without most of its work: the body asks for one token, not streamed. */
  async choice(path: string, body: object, signal: AbortSignal): Promise<AnswerStart> {
    return (await this.#json<{ edt: AnswerStart }>(path, body, signal)).edt
  }

  async *answers(path: string, body: object, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const response = await this.#ask(path, body, signal)
    yield* answerEvents(pieces(response.body as ReadableStream<Uint8Array>, signal))
  }

  async #json<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    return (await this.#ask(path, body, signal)).json() as Promise<T>
  }

  async #ask(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.key === '' ? {} : { authorization: `Bearer ${this.key}` }),
    }
    const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(path, { ...sent, signal }).catch((error) => {
      if (signal?.aborted) throw error
      throw new AnswerError('The server cannot be reached; see whether `edt serve` is still running.')
    })
    if (response.ok) return response
    const { error } = await response.json().catch(() => ({}))
    const told =
      typeof error?.message === 'string' ? error.message : `The server answered with status ${response.status}.`
    const hint = response.status === 401 ? ' Enter it under “API key” at the top of the page.' : ''
    throw new AnswerError(`${told}${hint}`)
  }
}

/**
 * A body piece by piece; not every browser can iterate over one itself. It ends where the connection breaks off: whoever reads it knows whether it is
 * complete.
 * @throws the signal's reason when it was stopped
 */
async function* pieces(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const piece = await reader.read().catch((error) => {
        if (signal.aborted) throw error
        return { done: true as const }
      })
      if (piece.done) return
      yield piece.value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
