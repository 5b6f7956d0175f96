import { connect } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedPrompts } from '../testing/models.js'
import { buildServer } from './app.js'
import type { RunningServer } from './start.js'
import { LONG, loadReference, metric, type Reference, serveEmbedded } from './testing/embedded.js'
import { FakeBackend, speak } from './testing/fake-backend.js'
import { until } from './testing/until.js'

let server: RunningServer
let client: OpenAI
let reference: Reference
beforeAll(async () => {
  ;[server, reference] = await Promise.all([serveEmbedded({ maxRows: 24 }), loadReference()])
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 })
})
afterAll(() => Promise.all([server.close(), reference.dispose()]))

const model = 'debian-6m'

async function streamed(prompt: string, seed: number): Promise<string> {
  let text = ''
  let finished: string | null = null
  for await (const chunk of await client.completions.create({ model, prompt, seed, stream: true })) {
    text += chunk.choices[0].text
    finished = chunk.choices[0].finish_reason ?? finished
  }
  expect(finished).not.toBeNull()
  return text
}

async function whole(prompt: string, seed: number): Promise<string> {
  return (await client.completions.create({ model, prompt, seed })).choices[0].text
}

describe('many clients at once', () => {
  it('50 get their own answers, streamed or not, while others leave; every stream is closed and no row is left', async () => {
    const asked = Array.from({ length: 50 }, (_, seed) => ({ prompt: embeddedPrompts[seed % 5], seed }))
    const expected: string[] = []
    for (const { prompt, seed } of asked) expected.push(...(await reference.texts(prompt, { seed })))
    expect(new Set(expected).size).toBeGreaterThan(20)
    const leaving = Array.from({ length: 10 }, async (_, i) => {
      const signal = AbortSignal.timeout(20 + 40 * i)
      const stream = await client.completions.create({ model, ...LONG, stream: true }, { signal }).catch(() => [])
      try {
        for await (const _ of stream);
      } catch {
        // The client aborted it.
      }
    })
    const answers = await Promise.all([
      ...asked.map(({ prompt, seed }) => (seed % 2 === 0 ? streamed(prompt, seed) : whole(prompt, seed))),
      ...leaving,
    ])
    expect(answers.slice(0, 50)).toEqual(expected)
    await until(async () => (await metric(server.url, 'edt_rows')) === 0)
    expect(await metric(server.url, 'edt_queue_length')).toBe(0)
  })
})

describe('a client that does not read', () => {
  it('is cut off when too much waits for it, and costs the others nothing', async () => {
    const signals: AbortSignal[] = []
    const backend = new FakeBackend(async (ask, signal, onChunk) => {
      if (ask.prompt !== 'flood') return speak(ask, 'quick', onChunk)
      signals.push(signal)
      speak(ask, '', onChunk)
      const step = { token: 5, entropy: 1, temperature: 0.5, probability: 0.9, nucleusSize: 2 }
      for (let index = 0; !signal.aborted; index++) {
        onChunk?.({ type: 'token', index, sample: 0, text: 'x'.repeat(50_000), ...step })
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      throw signal.reason
    })
    const { app, admission } = await buildServer(backend)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    const body = JSON.stringify({ prompt: 'flood', stream: true })
    socket.pause()
    socket.write(
      `POST /v1/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await until(() => admission.rows === 1)
    const response = await fetch(`${url}/v1/completions`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ prompt: 'other' }),
    })
    expect(response.status).toBe(200)
    await until(() => signals[0].aborted && admission.rows === 0)
    socket.destroy()
    await app.close()
  })
})
