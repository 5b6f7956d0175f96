import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { EdtError } from '../errors.js'
import { packageRoot } from '../package-root.js'
import type { ErrorBody } from './api/errors.js'
import { type AppOptions, buildServer } from './app.js'
import { ModelProcessDiedError } from './model/model-process.js'
import { FakeBackend, fakeModel, speak, untilAborted } from './testing/fake-backend.js'
import { until } from './testing/until.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(options: AppOptions = {}, backend = new FakeBackend()) {
  const { app } = await buildServer(backend, options)
  closers.push(() => app.close())
  return {
    app,
    backend,
    post: (payload: object | string, url = '/v1/completions', headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } }),
  }
}

const prompt = 'Translate to French: Hello\nTranslation:'

describe('what a request means', () => {
  it('leaves the temperature to the server where the request does not say', async () => {
    const { post, backend } = await serve({ choice: { t0: 0.6, theta: 0.1 } })
    expect((await post({ prompt })).statusCode).toBe(200)
    expect(backend.asked[0].options).toMatchObject({ t0: 0.6, theta: 0.1, samples: 1 })
  })

  it.each([
    [0.7, { name: 'fixed', temperature: 0.7 }],
    [0, { name: 'greedy' }],
  ])('takes temperature %s for a fixed one', async (temperature, strategy) => {
    const { post, backend } = await serve()
    await post({ prompt, temperature, top_p: 1, seed: 3, n: 2, stop: '\n', max_tokens: 9 })
    expect(backend.asked[0].options).toMatchObject({
      ...{ strategy, topP: 1, seed: 3, samples: 2, stop: ['\n'], maxNewTokens: 9 },
    })
  })

  it('reads the field edt: values by hand, a balance, bounds, a trace', async () => {
    const { post, backend } = await serve({}, new FakeBackend(undefined, fakeModel({ tuner: tunerMetadata() })))
    const edt = { balance: 0.8, t0_range: [0.2, 1], theta_range: [0, 3], trace: true, alternatives: 3 }
    await post({ prompt, edt })
    const asked = { balance: 0.8, t0Range: [0.2, 1], thetaRange: [0, 3], trace: true, alternatives: 3 }
    expect(backend.asked[0].options).toMatchObject(asked)
    await post({ prompt, edt: { t0: 1, theta: 2, base: 0.7 } })
    expect(backend.asked[1].options).toMatchObject({ t0: 1, theta: 2, base: 0.7, trace: false })
  })

  it('joins the parts of a chat message and takes developer for system', async () => {
    const { post, backend } = await serve()
    const content = [
      { type: 'text', text: 'Hello ' },
      { type: 'text', text: 'world' },
    ]
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content },
    ]
    await post({ messages, max_completion_tokens: 5, max_tokens: 7 }, '/v1/chat/completions')
    expect(backend.asked[0]).toMatchObject({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello world' },
      ],
      options: { maxNewTokens: 5 },
    })
  })

  it('takes null for absent, and lets through fields that it does not know', async () => {
    const { post, backend } = await serve({ choice: { t0: 0.6, theta: 0.1 } })
    const nothing = { temperature: null, seed: null, n: null, stop: null, edt: null, logprobs: null, user: 'somebody' }
    expect((await post({ prompt, ...nothing, store: false, metadata: { a: 'b' } })).statusCode).toBe(200)
    expect(backend.asked[0].options).toMatchObject({ t0: 0.6, theta: 0.1, samples: 1 })
  })
})

describe('what is wrong with a request is one sentence in the shape of OpenAI', () => {
  it.each([
    [{}, 'prompt', /prompt: expected a text.*, but found nothing/],
    [{ prompt: [1, 2, 3] }, 'prompt', /token ids are not supported/],
    [{ prompt, n: 0 }, 'n', /n: expected/],
    [{ prompt, n: 1.5 }, 'n', /n: expected a whole number/],
    [{ prompt, temperature: -1 }, 'temperature', /temperature: expected at least 0, but found -1\.$/],
    [{ prompt, temperature: 'hot' }, 'temperature', /temperature: expected a number/],
    [{ prompt, top_p: 0 }, 'top_p', /top_p: expected/],
    [{ prompt, max_tokens: 0 }, 'max_tokens', /max_tokens: expected/],
    [{ prompt, max_tokens: 4000 }, 'max_tokens', /at most 2048/],
    [{ prompt, seed: -1 }, 'seed', /seed: expected/],
    [{ prompt, logprobs: 21 }, 'logprobs', /logprobs: expected at most 20/],
    [{ prompt, stop: [], n: 'many' }, 'n', /n: expected .*, but found "many"/],
    [{ prompt, stop: [''] }, 'stop.0', /stop.0: /],
    [{ prompt, stream: 'yes' }, 'stream', /stream: expected true or false/],
    [{ prompt, presence_penalty: 0.5 }, 'presence_penalty', /not supported/],
    [{ prompt, best_of: 3 }, 'best_of', /not supported/],
    [{ prompt, edt: 'automatic' }, 'edt', /edt: expected "auto"/],
    [{ prompt, edt: { balanse: 0.5 } }, 'edt', /edt: /],
    [{ prompt, edt: { balance: 0.5 } }, 'edt', /has no tuner/],
    [{ prompt, edt: { t0: 1 } }, 'edt', /give t0 and theta/],
    [[], null, /body: expected/],
  ])('%j', async (body, param, message) => {
    const { post, backend } = await serve()
    const response = await post(body)
    expect(response.statusCode).toBe(400)
    const { error } = response.json()
    expect(error).toMatchObject({ param, type: 'invalid_request_error' })
    expect(error.message).toMatch(message)
    expect(backend.asked).toHaveLength(0)
  })

  it.each([
    [{ messages: [] }, /messages: expected at least one/],
    [{ messages: [{ role: 'tool', content: 'x' }] }, /role: expected system/],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, /messages.0.content/],
    [{ messages: [{ role: 'user', content: 'x' }], top_logprobs: 2 }, /top_logprobs: expected logprobs/],
    [{ messages: [{ role: 'user', content: 'x' }], tools: [{}] }, /tools are not supported/],
    [{ messages: [{ role: 'user', content: 'x' }], response_format: { type: 'json_object' } }, /only "text"/],
  ])('of a chat: %j', async (body, message) => {
    const { post } = await serve()
    const response = await post(body, '/v1/chat/completions')
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(message)
  })

  it('a model that is not served', async () => {
    const { post, app } = await serve()
    const response = await post({ prompt, model: 'gpt-4o' })
    expect(response.statusCode).toBe(404)
    expect(response.json().error).toMatchObject({ code: 'model_not_found', param: 'model' })
    expect((await post({ prompt, model: 'fake-1b' })).statusCode).toBe(200)
    expect((await app.inject('/v1/models/org/fake-1b')).json().id).toBe('org/fake-1b')
    expect((await app.inject('/v1/models/gpt-4o')).statusCode).toBe(404)
  })

  it('a chat with a model that has no chat template', async () => {
    const { post } = await serve({}, new FakeBackend(undefined, fakeModel({ hasChatTemplate: false })))
    const response = await post({ messages: [{ role: 'user', content: 'x' }] }, '/v1/chat/completions')
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({ code: 'no_chat_template' })
  })

  it('a prompt of more characters than its context can hold, before it costs the model any time', async () => {
    const { post, backend } = await serve()
    const response = await post({ prompt: 'a'.repeat(512 * 16 + 1) })
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({ code: 'context_length_exceeded' })
    const messages = [{ role: 'user', content: 'a'.repeat(512 * 16 + 1) }]
    expect((await post({ messages }, '/v1/chat/completions')).statusCode).toBe(400)
    expect(backend.asked).toHaveLength(0)
  })

  it('what the model says is the user’s mistake, and what is not', async () => {
    const failing = (error: Error) => new FakeBackend(() => Promise.reject(error))
    const mistake = await serve({}, failing(new EdtError('The prompt is empty.')))
    const response = await mistake.post({ prompt })
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toBe('The prompt is empty.')
    const fault = await serve({}, failing(new TypeError('x is undefined at /home/somebody/secret.ts')))
    const hidden = await fault.post({ prompt })
    expect(hidden.statusCode).toBe(500)
    expect(hidden.body).not.toContain('secret')
    const death = await serve({}, failing(new ModelProcessDiedError('signal SIGKILL', '')))
    const gone = await death.post({ prompt })
    expect(gone.statusCode).toBe(503)
    expect(Number(gone.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('what HTTP has its own numbers for', () => {
  it('404, 405, 413, 415 and JSON that is none', async () => {
    const { app, post } = await serve({ bodyLimit: 1000 })
    const nowhere = await app.inject('/v2/completions')
    expect(nowhere.statusCode).toBe(404)
    expect(nowhere.json().error.message).toContain('GET /v2/completions')
    const method = await app.inject('/v1/completions')
    expect(method.statusCode).toBe(405)
    expect(method.headers.allow).toContain('POST')
    expect((await post({ prompt: 'a'.repeat(2000) })).statusCode).toBe(413)
    // What a page of a foreign origin could send without asking first.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const response = await post(JSON.stringify({ prompt }), '/v1/completions', { 'content-type': type })
      expect(response.statusCode).toBe(415)
      expect(response.json().error.type).toBe('invalid_request_error')
    }
    const broken = await post('{"prompt": ')
    expect(broken.statusCode).toBe(400)
    expect(broken.json().error.message).toMatch(/JSON/)
    const poisoned = await post('{"prompt": "a", "__proto__": {"n": 3}}')
    expect(poisoned.statusCode).toBe(400)
  })

  it('what never becomes a request: addresses that cannot be decoded, heads that are too long, no HTTP at all', async () => {
    const { app } = await serve()
    const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let heard = ''
        const socket = connect(Number(url.port), url.hostname)
        socket.setEncoding('utf8').on('data', (piece) => (heard += piece))
        socket.on('error', reject).on('close', () => resolve(heard))
        socket.write(text)
      })
    const head = 'Host: localhost\r\nConnection: close\r\n'
    for (const [text, status, message] of [
      [`GET /v1/%zz HTTP/1.1\r\n${head}\r\n`, 400, 'cannot be decoded'],
      [`GET /healthz HTTP/1.1\r\n${head}x: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'too long'],
      ['hello there\r\n\r\n', 400, 'not a request'],
    ] as const) {
      const [answered, body] = (await say(text)).split('\r\n\r\n')
      expect(answered).toMatch(`HTTP/1.1 ${status}`)
      expect(JSON.parse(body).error).toMatchObject({ type: 'invalid_request_error' })
      expect(JSON.parse(body).error.message).toContain(message)
    }
  })

  it('429 with Retry-After when too many wait, and room again when one is done', async () => {
    const slow = new FakeBackend((_, signal) => untilAborted(signal))
    const { app, admission } = await buildServer(slow, { maxRows: 2, maxQueue: 1 })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const ask = (n: number, signal?: AbortSignal) =>
      fetch(`${url}/v1/completions`, {
        ...{ method: 'POST', signal, headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ prompt, n }),
      })
    const leaving = new AbortController()
    const first = ask(2, leaving.signal).catch(() => 'left')
    await until(() => admission.rows === 2)
    const second = ask(1, leaving.signal).catch(() => 'left')
    await until(() => admission.queued === 1)
    const refused = await ask(1)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(((await refused.json()) as ErrorBody).error).toMatchObject({ type: 'rate_limit_error', code: 'queue_full' })
    const tooWide = await ask(3)
    expect(tooWide.status).toBe(400)
    leaving.abort()
    expect(await Promise.all([first, second])).toEqual(['left', 'left'])
    await until(() => admission.rows === 0 && admission.queued === 0)
    await app.close()
  })
})

describe('who may ask', () => {
  it('those with the key, and pages and health for everybody', async () => {
    const { app, post } = await serve({ apiKey: 'sesame' })
    for (const headers of [{}, { authorization: 'Bearer open' }, { authorization: 'sesame' }]) {
      const response = await post({ prompt }, '/v1/completions', headers as Record<string, string>)
      expect(response.statusCode).toBe(401)
      expect(response.json().error).toMatchObject({ code: 'invalid_api_key', type: 'authentication_error' })
    }
    expect((await post({ prompt }, '/v1/completions', { authorization: 'Bearer sesame' })).statusCode).toBe(200)
    expect((await app.inject('/v1/models')).statusCode).toBe(401)
    expect((await app.inject('/healthz')).statusCode).toBe(200)
  })

  it('cannot be got around by another spelling of the path', async () => {
    const { post } = await serve({ apiKey: 'sesame' })
    for (const url of [
      '/v1/completions?x=/healthz',
      '//v1/completions',
      '/%76%31/completions',
      '/v1/../v1/completions',
    ]) {
      expect([401, 404], url).toContain((await post({ prompt }, url)).statusCode)
    }
  })

  it('pages of other origins only where the server was told so', async () => {
    const closed = await serve()
    const origin = 'https://example.org'
    const answer = await closed.post({ prompt }, '/v1/completions', { origin })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    const open = await serve({ cors: origin, apiKey: 'sesame' })
    const preflight = await open.app.inject({
      ...{ method: 'OPTIONS', url: '/v1/completions' },
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe(origin)
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
    const elsewhere = await open.post({ prompt }, '/v1/completions', { origin: 'https://evil.example' })
    expect(elsewhere.headers['access-control-allow-origin']).not.toBe('https://evil.example')
  })

  it('nobody under a name that the server does not have, so that a page cannot make itself one of its own', async () => {
    const { app } = await serve({ hosts: ['localhost', '[::1]', 'llm.example.org'] })
    const ask = async (host: string) => (await app.inject({ url: '/healthz', headers: { host } })).statusCode
    for (const host of ['localhost:8080', 'LLM.example.org', '[::1]:8080']) expect(await ask(host), host).toBe(200)
    for (const host of ['evil.example:8080', 'localhost.evil.example']) expect(await ask(host), host).toBe(403)
  })

  it('sends security headers with every answer, errors too', async () => {
    const { app, post } = await serve()
    for (const response of [await app.inject('/healthz'), await app.inject('/nowhere'), await post({ prompt })]) {
      const policy = String(response.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(response.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      })
    }
  })
})

describe('what an operator sees', () => {
  it('health follows the model', async () => {
    const { app, backend } = await serve()
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    backend.ready = false
    expect((await app.inject('/healthz')).statusCode).toBe(503)
  })

  it('metrics count requests by status, tokens and temperatures', async () => {
    const { app } = await serve()
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    for (const n of [3, 0]) {
      const headers = { 'content-type': 'application/json' }
      await fetch(`${url}/v1/completions`, { method: 'POST', headers, body: JSON.stringify({ prompt, n }) })
    }
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('edt_requests_total{route="/v1/completions",status="200"} 1')
    expect(text).toContain('edt_requests_total{route="/v1/completions",status="400"} 1')
    expect(text).toContain('edt_prompt_tokens_total 3')
    expect(text).toContain('edt_new_tokens_total 3')
    expect(text).toContain('edt_mean_temperature_count 3')
    expect(text).toContain('edt_model_ready 1')
  })

  it('logs neither prompts nor answers, nor the key', async () => {
    const lines: string[] = []
    const { pino } = await import('pino')
    const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
    const backend = new FakeBackend(async (ask, _, onChunk) => speak(ask, 'top secret answer', onChunk))
    const { app } = await serve({ logger, apiKey: 'sesame' }, backend)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const asked = [
      { prompt: 'top secret prompt' },
      { prompt: 'top secret prompt', stream: true },
      { prompt: ['top secret', 3] },
    ]
    for (const body of [...asked.map((one) => JSON.stringify(one)), '{"prompt": "top secret']) {
      const headers = { authorization: 'Bearer sesame', 'content-type': 'application/json' }
      await (await fetch(`${url}/v1/completions`, { method: 'POST', headers, body })).text()
    }
    expect(lines.join()).toContain('"t0":0.9')
    expect(lines.join()).not.toMatch(/secret|sesame/)
  })
})

/** What the shipped tuner says of itself. */
function tunerMetadata() {
  return JSON.parse(readFileSync(join(packageRoot(), 'checkpoints', 'debian-6m', 'universal', 'tuner.json'), 'utf8'))
}
