import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TokenTrace } from '../lm/types.js'
import type { Admission } from './admission.js'
import {
  answerBody,
  chunkBody,
  type Envelope,
  edtEnd,
  edtStart,
  edtStep,
  finishReason,
  type Kind,
  newEnvelope,
  usage,
} from './api/answers.js'
import type { Understood } from './api/asks.js'
import { errorBody, toApiError } from './api/errors.js'
import { chatLogprobs, completionLogprobs } from './api/logprobs.js'
import { dropWhenStuck, EventStream } from './event-stream.js'
import type { ServerMetrics } from './metrics.js'
import type { Backend } from './model/backend.js'
import type { Answer, AnswerChunk } from './model/protocol.js'

/** The client closed its connection before the answer was complete. */
export const CLIENT_LEFT = Symbol('the client left')
/** A client does not read what it is sent. */
const CLIENT_STUCK = Symbol('the client does not read')

export interface Answering {
  backend: Backend
  admission: Admission
  metrics: ServerMetrics
  /** Of the requests that are being answered; the server aborts them when it has waited long enough at its end. */
  open: Set<AbortController>
}

/** Answers one request, whole or streamed, and gives the model's time back when the client leaves. */
export async function answerRequest(
  kind: Kind,
  understood: Understood,
  { request, reply, model }: { request: FastifyRequest; reply: FastifyReply; model: string },
  context: Answering,
): Promise<object | undefined> {
  const { backend, admission, metrics, open } = context
  const controller = new AbortController()
  const { signal } = controller
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(CLIENT_LEFT)
  })
  const envelope = newEnvelope(kind, model)
  const rows = understood.asks.length * understood.samples
  const work = (onChunk?: (prompt: number, chunk: AnswerChunk) => void) =>
    admission.run(rows, signal, () =>
      Promise.all(
        understood.asks.map((ask, prompt) =>
          backend.ask(ask, signal, onChunk === undefined ? undefined : (chunk) => onChunk(prompt, chunk)),
        ),
      ),
    )
  open.add(controller)
  try {
    if (!understood.stream) {
      const answers = await work()
      tell(answers, request, metrics)
      dropWhenStuck(reply)
      return answerBody(envelope, answers, understood)
    }
    const stuck = () => controller.abort(CLIENT_STUCK)
    await streamAnswer(envelope, understood, work, {
      request,
      reply,
      metrics,
      stuck,
      endTokenIds: backend.model.endTokenIds,
    })
    return undefined
  } catch (error) {
    // What fails fails as a whole: the other prompts of the request are not worth the model's time any more.
    controller.abort(error)
    throw error
  } finally {
    open.delete(controller)
  }
}

type Work = (onChunk: (prompt: number, chunk: AnswerChunk) => void) => Promise<Answer[]>

/** The head is sent with the first chunk: what fails before it still has a status of its own. */
async function streamAnswer(
  envelope: Envelope,
  understood: Understood,
  work: Work,
  context: {
    request: FastifyRequest
    reply: FastifyReply
    metrics: ServerMetrics
    stuck(): void
    endTokenIds: readonly number[]
  },
): Promise<void> {
  const { request, reply, metrics, stuck, endTokenIds } = context
  const stream = new EventStream(reply, stuck)
  const chunks = new Chunks(envelope, understood, endTokenIds, (chunk) => stream.send(chunk))
  let open = false
  let told = false
  const started = performance.now()
  try {
    const answers = await work((prompt, chunk) => {
      if (!open) stream.open()
      open = true
      if (chunk.type === 'token' && !told) {
        told = true
        metrics.firstToken.observe((performance.now() - started) / 1000)
      }
      chunks.add(prompt, chunk)
    })
    tell(answers, request, metrics)
    stream.close(
      understood.includeUsage
        ? { ...chunkBody(envelope, 0, { text: '' }), choices: [], usage: usage(answers) }
        : undefined,
    )
  } catch (error) {
    if (!open) throw error
    if (error === CLIENT_LEFT || error === CLIENT_STUCK) return stream.cut()
    request.log.warn({ err: error }, 'a streamed answer failed')
    stream.close(errorBody(toApiError(error)))
  }
}

/** Turns what the model tells into the chunks of the API. */
class Chunks {
  /** Of each choice: characters of the tokens so far. */
  readonly #offsets = new Map<number, number>()

  constructor(
    private readonly envelope: Envelope,
    private readonly understood: Understood,
    private readonly endTokenIds: readonly number[],
    private readonly send: (chunk: object) => void,
  ) {}

  add(prompt: number, chunk: AnswerChunk): void {
    const { samples, logprobs, trace } = this.understood
    const { envelope } = this
    if (chunk.type === 'start') {
      // The first chunk of every choice tells the role, and what was chosen.
      for (let i = 0; i < samples; i++) {
        const index = prompt * samples + i
        this.send(chunkBody(envelope, index, { text: '', first: true, edt: edtStart(chunk) }))
      }
      return
    }
    const index = prompt * samples + chunk.sample
    if (chunk.type === 'end') {
      const piece = { text: chunk.text, finish: finishReason(chunk), edt: edtEnd(chunk) }
      this.send(chunkBody(envelope, index, piece))
      return
    }
    const step = chunk.trace
    if (chunk.text === '' && step === undefined) return
    const probabilities =
      step === undefined || logprobs === undefined ? undefined : this.#logprobs(index, step, logprobs)
    const edt = trace && step !== undefined ? { trace: [edtStep(step)] } : undefined
    this.send(chunkBody(envelope, index, { text: chunk.text, logprobs: probabilities, edt }))
  }

  #logprobs(index: number, step: TokenTrace, top: number): object | undefined {
    // The token that ends an answer is no part of it.
    if (this.endTokenIds.includes(step.token)) return undefined
    const offset = this.#offsets.get(index) ?? 0
    this.#offsets.set(index, offset + step.text.length)
    return this.envelope.kind === 'chat' ? chatLogprobs([step], top) : completionLogprobs([step], top, offset)
  }
}

/** What was answered, in the metrics and the log; the log is where T0 and θ can be followed. */
function tell(answers: readonly Answer[], { log }: FastifyRequest, metrics: ServerMetrics): void {
  const { prompt_tokens, completion_tokens } = usage(answers)
  metrics.promptTokens.inc(prompt_tokens)
  metrics.newTokens.inc(completion_tokens)
  for (const { samples, t0, theta, chosenBy, promptTokens, newTokens } of answers) {
    for (const { meanTemperature } of samples) metrics.temperature.observe(meanTemperature)
    log.info({ t0, theta, chosenBy, promptTokens, newTokens, samples: samples.length }, 'answered')
  }
}
