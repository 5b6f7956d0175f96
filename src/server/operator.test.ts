import { describe, expect, it } from 'vitest'
import { FakeBackend, speak } from './testing/fake-backend.js'
import { prompt, serve } from './testing/serve.js'

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
