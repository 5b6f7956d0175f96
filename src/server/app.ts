import { createHash, timingSafeEqual } from 'node:crypto'
import fastifyCors from '@fastify/cors'
import fastifyHelmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Admission } from './admission.js'
import { type Answering, answerRequest, CLIENT_LEFT } from './answering.js'
import type { Kind } from './api/answers.js'
import { type AskRules, understandChat, understandCompletion } from './api/asks.js'
import { ApiError, errorBody, toApiError } from './api/errors.js'
import { chatSchema, completionSchema } from './api/schema.js'
import { serverMetrics } from './metrics.js'
import type { Backend } from './model/backend.js'
import type { Ask } from './model/protocol.js'
import { playground } from './playground/plugin.js'

export interface AppOptions {
  /** Without it everybody may ask. */
  apiKey?: string
  /** Origin whose pages may ask, or `*`. @default none */
  cors?: string
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
  const { apiKey, cors, maxTokens = 2048, maxRows = 128, maxQueue = 256, bodyLimit = 1 << 20 } = options
  const logger = options.logger ?? false
  const app = Fastify({
    ...(typeof logger === 'boolean' ? { logger } : { loggerInstance: logger }),
    bodyLimit,
    // A client that does not send its request in this time holds a connection for nothing.
    requestTimeout: 30_000,
    // A hijacked reply would otherwise keep its keep-alive connection open at the end.
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance
  // JSON alone: a page of another origin can only send other types without being asked back first.
  app.removeContentTypeParser('text/plain')
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
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The server speaks plain HTTP; who puts TLS before it sets this there.
    strictTransportSecurity: false,
  })
  if (cors !== undefined)
    await app.register(fastifyCors, { origin: cors === '*' ? true : cors, methods: ['GET', 'POST'] })
  if (apiKey !== undefined) requireKey(app, apiKey)
  measure(app, metrics)
  answerErrors(app)

  const handler = (kind: Kind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const understood =
      kind === 'chat'
        ? understandChat(chatSchema.parse(request.body), rules)
        : understandCompletion(completionSchema.parse(request.body), rules)
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

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no API key: the page itself, health. */
    public?: boolean
  }
}

function requireKey(app: FastifyInstance, apiKey: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(apiKey)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.public || request.method === 'OPTIONS') return
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    // Digests have one length, and their comparison takes the same time wherever they differ.
    if (!timingSafeEqual(digest(given), expected)) {
      throw new ApiError(401, 'The API key is missing or wrong; send it as "Authorization: Bearer KEY".', {
        code: 'invalid_api_key',
      })
    }
  })
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

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    if (error === CLIENT_LEFT) return reply.hijack()
    const known = toApiError(error)
    if (known.status >= 500) request.log.error({ err: error }, 'a request failed')
    if (known.detail.retryAfter !== undefined) reply.header('retry-after', known.detail.retryAfter)
    return reply.code(known.status).send(errorBody(known))
  })
  app.setNotFoundHandler((request, reply) => {
    const error = new ApiError(
      404,
      `There is nothing at ${request.method} ${request.url.split('?')[0]}; see docs/server.md.`,
    )
    return reply.code(404).send(errorBody(error))
  })
}
