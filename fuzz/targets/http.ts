import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { EdtError } from '../../src/errors.js'
import { buildServer } from '../../src/server/app.js'
import { FakeBackend } from '../../src/server/testing/fake-backend.js'
import { type Target, ViolationError } from '../harness/types.js'
import { brokenJson, jsonFile } from '../inputs/json.js'
import { nastyTexts, text } from '../inputs/text.js'

interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD'
  url: string
  headers: Record<string, string>
  body?: Buffer
  /** Send it to the server that wants a key. */
  locked: boolean
}

const KEY = 'correct horse battery staple'

const chat = {
  ...{ model: 'fake-1b', n: 2, seed: 1, max_tokens: 5, temperature: 0.5, top_p: 0.9, stop: ['\n'], stream: false },
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
  ],
  edt: { balance: 0.5, t0: 0.6, theta: 0.1, t0_range: [0.1, 1], trace: true, alternatives: 2 },
}
const completion = {
  model: 'fake-1b',
  prompt: ['Hello', 'there'],
  n: 1,
  max_tokens: 3,
  logprobs: 2,
  stream: true,
  edt: 'auto',
}

/** Header values as Node's client would let them through. */
const headerText = text.map((one) => one.replace(/[^\x20-\x7e]/g, '?').slice(0, 200))
const encoded = text.map((one) => encodeURIComponent(one.replace(/\p{Cs}/gu, '?')))
const paths = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/models',
  '/healthz',
  '/metrics',
  '/',
  '/playground',
  '/%76%31/completions',
]

const headers = fc
  .record(
    {
      authorization: fc.oneof(
        headerText,
        headerText.map((one) => `Bearer ${one}`),
        fc.constant(`Bearer ${KEY}`),
      ),
      host: fc.oneof(fc.constant('localhost:8080'), headerText),
      origin: headerText,
      accept: headerText,
      'content-type': fc.oneof(
        fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded'),
        headerText,
      ),
    },
    { requiredKeys: ['content-type'] },
  )
  .map((given) => given as Record<string, string>)

const plain = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` }

function post(url: string, body: Buffer): HttpRequest {
  return { method: 'POST', url, headers: plain, body, locked: false }
}

export const httpTarget: Target<HttpRequest> = {
  name: 'http',
  about: 'HTTP routes: paths, methods, headers and bodies',
  async open() {
    const [open, locked] = await Promise.all(
      [undefined, KEY].map(
        async (apiKey) => (await buildServer(new FakeBackend(), { apiKey, bodyLimit: 1 << 18 })).app,
      ),
    )
    return {
      inputs: fc.oneof(
        { arbitrary: jsonFile([chat]).map((body) => post('/v1/chat/completions', body)), weight: 4 },
        { arbitrary: jsonFile([completion]).map((body) => post('/v1/completions', body)), weight: 3 },
        {
          arbitrary: fc.record({
            method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD') as fc.Arbitrary<
              HttpRequest['method']
            >,
            url: fc.oneof(
              fc.constantFrom(...paths),
              fc.tuple(fc.constantFrom(...paths), encoded).map(([path, more]) => `${path}/${more}`),
              fc.tuple(fc.constantFrom(...paths), encoded).map(([path, query]) => `${path}?${query}=${query}`),
            ),
            headers,
            body: fc.option(jsonFile([chat, completion]), { nil: undefined }),
            locked: fc.boolean(),
          }),
          weight: 3,
        },
      ),
      corpus: [
        ...brokenJson.flatMap((broken) =>
          ['/v1/chat/completions', '/v1/completions'].map((url) => post(url, Buffer.from(broken))),
        ),
        post('/v1/completions', Buffer.from(JSON.stringify({ prompt: 'x'.repeat(300_000) }))),
        ...nastyTexts.map((prompt) => post('/v1/completions', Buffer.from(JSON.stringify({ prompt })))),
      ],
      attempt: (request) => check(request, request.locked ? locked : open),
      close: async () => {
        await Promise.all([open.close(), locked.close()])
      },
    }
  },
}

/** What is left of a URL when a host was read out of it, as `//..` makes Fastify's inject do. */
function pathOf(url: string): string {
  try {
    return new URL(url, 'http://localhost').pathname
  } catch {
    return '/'
  }
}

/** A request was refused as it should be; counted by its status. */
class AnsweredError extends EdtError {
  override name = 'AnsweredError'
  constructor(status: number) {
    super(`answered with ${status}`)
    this.name = `status ${status}`
  }
}

async function check({ method, url, headers, body, locked }: HttpRequest, app: FastifyInstance): Promise<void> {
  const options: InjectOptions = {
    method,
    url,
    headers,
    ...(body === undefined || method === 'GET' ? {} : { payload: body }),
  }
  const { statusCode, body: answer, headers: told } = await app.inject(options)
  // The page's scripts, in a checkout that was not built.
  if (statusCode === 503 && (method === 'HEAD' || answer.includes('npm run build'))) throw new AnsweredError(statusCode)
  if (statusCode >= 500 || statusCode < 200)
    throw new ViolationError(`${method} ${url} was answered with ${statusCode}: ${answer}`)
  // The page, which asks for the key itself, and health are for everybody.
  const open = method === 'OPTIONS' || /^\/(healthz|playground(\/.*)?)?$/.test(pathOf(url))
  if (locked && !open && statusCode < 400 && headers.authorization !== `Bearer ${KEY}`) {
    throw new ViolationError(`${method} ${url} was answered with ${statusCode} without the key`)
  }
  if (statusCode >= 400 && method !== 'HEAD') {
    const { message } = JSON.parse(answer).error ?? {}
    if (typeof message !== 'string' || message === '')
      throw new ViolationError(`${statusCode} without a message: ${answer}`)
    if (answer.includes('node_modules'))
      throw new ViolationError(`the answer shows where the server's code lies: ${answer}`)
  }
  if (told['access-control-allow-origin'] !== undefined)
    throw new ViolationError('pages of other origins are let in unasked')
  if (statusCode >= 400) throw new AnsweredError(statusCode)
}
