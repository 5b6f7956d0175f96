import { describe, expect, it } from 'vitest'
import { prompt, serve } from './testing/serve.js'

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
