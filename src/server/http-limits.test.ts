import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ErrorBody } from './api/errors.js'
import { FakeBackend, untilAborted } from './testing/fake-backend.js'
import { prompt, serve } from './testing/serve.js'
import { until } from './testing/until.js'

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
    const { app, admission } = await serve({ maxRows: 2, maxQueue: 1 }, slow)
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
  })
})
