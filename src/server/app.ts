import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Admission } from './admission.js'
import { type Answering, answerRequest } from './answering.js'
import type { Kind } from './api/answers.js'
import { type AskRules, understandChat, understandCompletion } from './api/asks.js'
import { ApiError } from './api/errors.js'
import { chatSchema, completionSchema } from './api/schema.js'
import { answerBrokenHttp, answerErrors, answerFrameworkError, refuseWhenClosing } from './error-answers.js'
import { serverMetrics } from './metrics.js'
import type { Backend } from './model/backend.js'
import type { Ask } from './model/protocol.js'
import { playground } from './playground/plugin.js'
import { type SecurityOptions, secure } from './security.js'

export interface AppOptions extends SecurityOptions {
  /** New tokens that an answer may have. @default 2048 */
  maxTokens?: number
  /** Answers that are decoded at once. @default 128 */
  maxRows?: number
  /** Requests that wait for room; further ones get 429. @default 256 */
  maxQueue?: number
  /** Bytes of a request's body. @default 1048576 */
  bodyLimit?: number
  /** How the temperature is chosen where a request leaves it open. @default the tuner's choice */
  choice?: Ask['options']
  /** Structured logs; prompts and answers are not in them. @default none */
  logger?: FastifyBaseLogger | boolean
  /** The page at `/`. @default true */
  playground?: boolean
}

const DEFAULT_TOKENS = 128

/** The server's routes on a model that is ready. `close()` of what comes back lets open requests finish; `abort` fails them. */
export async function buildServer(backend: Backend, options: AppOptions = {}) {
  const { maxTokens = 2048, maxRows = 128, maxQueue = 256, bodyLimit = 1 << 20 } = options
  const logger = options.logger ?? false
  const app = Fastify({
    ...(typeof logger === 'boolean' ? { logger } : { loggerInstance: logger }),
    bodyLimit,
    // A client that does not send its request in this time holds a connection for nothing.
    requestTimeout: 30_000,
    // A hijacked reply would otherwise keep its keep-alive connection open at the end.
    forceCloseConnections: 'idle',
    // Refused in our own words; see error-answers.ts.
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenHttp,
  }) as unknown as FastifyInstance
  const admission = new Admission({ maxRows, maxQueue })
  const metrics = serverMetrics(admission, () => backend.ready)
  const open = new Set<AbortController>()
  const context: Answering = { backend, admission, metrics, open }
  const rules: AskRules = {
    maxTokens,
    defaultTokens: backend.model.tuner?.decoding.maxNewTokens ?? DEFAULT_TOKENS,
    tuner: backend.model.tuner !== undefined,
    ...(options.choice === undefined ? {} : { choice: options.choice }),
  }
  await secure(app, options)
  refuseWhenClosing(app)
  measure(app, metrics)
  answerErrors(app)

  const handler = (kind: Kind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const understood =
      kind === 'chat'
        ? understandChat(chatSchema.parse(request.body, { reportInput: true }), rules)
        : understandCompletion(completionSchema.parse(request.body, { reportInput: true }), rules)
    for (const { prompt } of understood.asks) checkLength(prompt, backend)
    const model = checkModelName((request.body as { model?: string }).model, backend)
    if (kind === 'chat' && !backend.model.hasChatTemplate) {
      throw new ApiError(400, `${backend.model.id} has no chat template; ask /v1/completions with a plain prompt.`, {
        code: 'no_chat_template',
      })
    }
    return answerRequest(kind, understood, { request, reply, model }, context)
  }
  app.post('/v1/chat/completions', handler('chat'))
  app.post('/v1/completions', handler('completion'))
  app.get('/v1/models', async () => ({ object: 'list', data: [modelEntry(backend)] }))
  app.get<{ Params: { '*': string } }>('/v1/models/*', async ({ params }) => {
    checkModelName(params['*'], backend)
    return modelEntry(backend)
  })
  app.get('/healthz', { config: { public: true } }, async (_, reply) =>
    reply.code(backend.ready ? 200 : 503).send({ status: backend.ready ? 'ok' : 'model restarting' }),
  )
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  if (options.playground ?? true) await app.register(playground, { model: backend.model })
  const abort = (reason: unknown) => {
    for (const controller of open) controller.abort(reason)
  }
  return { app, metrics, admission, abort }
}

/** No tokenizer makes tokens of more characters than this on average; what is longer is not worth its time. */
const MOST_CHARACTERS_A_TOKEN = 16

function checkLength(prompt: Ask['prompt'], { model: { contextLength } }: Backend): void {
  const texts = typeof prompt === 'string' ? [prompt] : prompt.map(({ content }) => content)
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  if (characters <= MOST_CHARACTERS_A_TOKEN * contextLength) return
  throw new ApiError(
    400,
    `The prompt has ${characters} characters, far more than the model's ${contextLength} tokens hold.`,
    {
      code: 'context_length_exceeded',
    },
  )
}

/** The part of a name after its last slash is enough, as in the names of checkpoints. */
function checkModelName(asked: string | undefined, { model: { id } }: Backend): string {
  const short = (name: string) => name.split('/').at(-1)
  if (asked === undefined || asked === id || short(asked) === short(id)) return id
  throw new ApiError(404, `The model ${JSON.stringify(asked)} is not served here; ${id} is.`, {
    param: 'model',
    code: 'model_not_found',
  })
}

const startedAt = Math.floor(Date.now() / 1000)

function modelEntry({ model: { id, dtype, device, contextLength, hasChatTemplate, tuner } }: Backend) {
  return {
    ...{ id, object: 'model', created: startedAt, owned_by: 'edt-tuner' },
    edt: {
      ...{ dtype, device, context_length: contextLength, chat: hasChatTemplate },
      tuner: tuner === undefined ? null : { name: tuner.tunerName, tasks: tuner.tasks, balance: tuner.balance.range },
    },
  }
}

function measure(app: FastifyInstance, { requests, seconds }: ReturnType<typeof serverMetrics>): void {
  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now()
    // Also told of replies that were hijacked, which no hook of Fastify's sees.
    reply.raw.once('close', () => {
      const route = request.routeOptions.url ?? 'unknown'
      const status = reply.raw.writableFinished ? String(reply.raw.statusCode) : '499'
      requests.inc({ route, status })
      seconds.observe({ route }, (performance.now() - started) / 1000)
    })
  })
}
