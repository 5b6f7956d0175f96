import type { ChildProcess } from 'node:child_process'
import { besideModule, forkModule, fromPlainError } from '../../process/index.js'
import type { Answer, AnswerChunk, Ask, FromModel, LoadRequest, News, ServedModel, ToModel } from './protocol.js'

/** The model's process ended while it was needed. */
export class ModelProcessDiedError extends Error {
  override name = 'ModelProcessDiedError' as const
  constructor(ending: string, lastOutput: string) {
    super(`the model's process ended (${ending}).${lastOutput === '' ? '' : ` Its last words: ${lastOutput}`}`)
  }
}

const OUTPUT_KEPT = 500

interface Waiting {
  onChunk?: (chunk: AnswerChunk) => void
  resolve(answer: Answer): void
  reject(error: unknown): void
  release(): void
}

/**
 * One process with the model, and the requests that it is working on. It is started by `load`; when it dies its requests fail and the object is
 * done with: the owner starts another one.
 */
export class ModelProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #nextId = 0
  #lastOutput = ''
  #death: ModelProcessDiedError | undefined
  #loading: { resolve(model: ServedModel): void; reject(error: unknown): void } | undefined

  /** @param onDeath called once, when the process is gone */
  constructor(onDeath: (error: ModelProcessDiedError) => void = () => {}) {
    this.#child = forkModule(besideModule(import.meta.url, 'entry'))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastOutput = (this.#lastOutput + text).slice(-OUTPUT_KEPT)
    })
    this.#child.on('message', (message) => this.#receive(message as FromModel))
    this.#exited = new Promise((resolve) => {
      const die = (ending: string) => {
        if (this.#death !== undefined) return
        this.#death = new ModelProcessDiedError(ending, this.#lastOutput.trim())
        this.#loading?.reject(this.#death)
        for (const [id, waiting] of this.#waiting) this.#settle(id, () => waiting.reject(this.#death))
        resolve()
        onDeath(this.#death)
      }
      this.#child.on('error', (error) => die(error.message))
      // 'close' comes after 'exit', when the last output has been read.
      this.#child.on('close', (code, signal) => die(signal === null ? `exit code ${code}` : `signal ${signal}`))
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** To be called once, before the first request. @throws what loading throws there; {ModelProcessDiedError} */
  load(request: LoadRequest): Promise<ServedModel> {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject }
      this.#send({ type: 'load', request })
    })
  }

  /**
   * @param onChunk told of every chunk of a streamed answer
   * @throws what `generate` throws, as an EdtError where it was one; {ModelProcessDiedError}; the signal's reason
   */
  ask(ask: Ask, signal: AbortSignal, onChunk?: (chunk: AnswerChunk) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      if (this.#death !== undefined) throw this.#death
      const id = this.#nextId++
      const cancel = () => {
        this.#send({ type: 'cancel', id })
        this.#settle(id, () => reject(signal.reason))
      }
      signal.addEventListener('abort', cancel, { once: true })
      const release = () => signal.removeEventListener('abort', cancel)
      this.#waiting.set(id, { onChunk, resolve, reject, release })
      this.#send({ type: 'ask', id, ask })
    })
  }

  /** Ends the process, whatever it is doing, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  #receive(message: FromModel): void {
    if (message.type === 'ready') this.#loading?.resolve(message.model)
    else if (message.type === 'failed') this.#loading?.reject(fromPlainError(message.error))
    else for (const news of message.news) this.#hear(news)
  }

  #hear(news: News): void {
    const waiting = this.#waiting.get(news.id)
    if (waiting === undefined) return // cancelled meanwhile
    if ('chunk' in news) waiting.onChunk?.(news.chunk)
    else if ('answer' in news) this.#settle(news.id, () => waiting.resolve(news.answer))
    else this.#settle(news.id, () => waiting.reject(fromPlainError(news.error)))
  }

  #settle(id: number, how: () => void): void {
    this.#waiting.get(id)?.release()
    if (this.#waiting.delete(id)) how()
  }

  #send(message: ToModel): void {
    // A message that cannot be delivered means a dead process: 'close' tells.
    this.#child.send(message, () => undefined)
  }
}
