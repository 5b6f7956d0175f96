import { ModelProcess, ModelProcessDiedError } from './model-process.js'
import type { Answer, AnswerChunk, Ask, LoadRequest, ServedModel } from './protocol.js'

/** Milliseconds before a dead process is started again; doubled with every death that no answer came before. */
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000

/** A model that answers; it may be a process that is started again when it dies. */
export interface Backend {
  readonly model: ServedModel
  /** False while the model is being started again. */
  readonly ready: boolean
  /** @throws as `ModelProcess.ask` */
  ask(ask: Ask, signal: AbortSignal, onChunk?: (chunk: AnswerChunk) => void): Promise<Answer>
  close(): Promise<void>
}

export interface BackendEvents {
  /** The model's process died, or could not be started again; the next try comes after the pause, in ms. */
  onDeath?: (error: Error, restartsIn: number) => void
  onRestart?: (model: ServedModel) => void
}

/**
 * Starts the model's process and keeps one running: a process that dies (short of memory, say) fails the requests that it had, and another one is
 * started, after pauses that double.
 * @throws what loading throws
 */
export async function openBackend(request: LoadRequest, events: BackendEvents = {}): Promise<ModelBackend> {
  const backend = new ModelBackend(request, events)
  await backend.start()
  return backend
}

export class ModelBackend implements Backend {
  #process: ModelProcess | undefined
  #model: ServedModel | undefined
  #ready = false
  #closed = false
  #deaths = 0
  #restart: NodeJS.Timeout | undefined

  constructor(
    private readonly request: LoadRequest,
    private readonly events: BackendEvents,
  ) {}

  get model(): ServedModel {
    return this.#model!
  }

  get ready(): boolean {
    return this.#ready
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  async start(): Promise<void> {
    const process = new ModelProcess((error) => this.#died(process, error))
    this.#process = process
    try {
      this.#model = await process.load(this.request)
      this.#ready = true
    } catch (error) {
      await process.stop()
      throw error
    }
  }

  async ask(ask: Ask, signal: AbortSignal, onChunk?: (chunk: AnswerChunk) => void): Promise<Answer> {
    if (!this.#ready) throw new ModelProcessDiedError('not running', '')
    const answer = await this.#process!.ask(ask, signal, onChunk)
    this.#deaths = 0
    return answer
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#ready = false
    clearTimeout(this.#restart)
    await this.#process?.stop()
  }

  #died(process: ModelProcess, error: Error): void {
    // A process that never was ready fails its `start`, which tells.
    if (this.#closed || this.#process !== process || !this.#ready) return
    this.#ready = false
    this.#again(error)
  }

  #again(error: Error): void {
    this.#deaths++
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#deaths - 1))
    this.events.onDeath?.(error, pause)
    this.#restart = setTimeout(async () => {
      try {
        await this.start()
        this.events.onRestart?.(this.model)
      } catch (failure) {
        if (!this.#closed) this.#again(failure as Error)
      }
    }, pause)
  }
}
