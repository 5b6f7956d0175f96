import { once } from 'node:events'
import { get as httpGet } from 'node:http'
import { connect } from 'node:net'
import OpenAI, { APIConnectionError, InternalServerError } from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { EdtError } from '../errors.js'
import { embeddedPrompts } from '../testing/models.js'
import { type RunningServer, startServer } from './start.js'
import { hold, LONG, letGo, metric, serveEmbedded } from './testing/embedded.js'
import { until } from './testing/until.js'

const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options: Parameters<typeof serveEmbedded>[0] = {}) {
  const server = await serveEmbedded(options)
  servers.push(server)
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 }) }
}

const [prompt] = embeddedPrompts
const model = 'debian-6m'

/** Reads a stream to its end, or to the error that ends it. */
async function outcome(stream: AsyncIterable<OpenAI.Completion>): Promise<{ pieces: number; error?: unknown }> {
  let pieces = 0
  try {
    for await (const _ of stream) pieces++
  } catch (error) {
    return { pieces, error }
  }
  return { pieces }
}

describe('the death of the model’s process', () => {
  it('fails open requests with 503, and another one answers the next ones alike', async () => {
    const { server, client } = await start()
    const before = await client.completions.create({ model, prompt, seed: 1 })
    const pid = server.modelPid()!
    const stream = await client.completions.create({ model, ...LONG, stream: true })
    hold(server)
    const whole = client.completions.create({ model, ...LONG, n: 2 }).catch((error) => error)
    await until(async () => (await metric(server.url, 'edt_rows')) === 3)
    process.kill(pid, 'SIGKILL')
    expect(await whole).toBeInstanceOf(InternalServerError)
    expect(await whole).toMatchObject({ status: 503, code: 'model_restarting' })
    const cut = await outcome(stream)
    expect(cut.pieces).toBeGreaterThan(0)
    expect(cut.error).toMatchObject({ code: 'model_restarting' })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503)
    await until(async () => (await fetch(`${server.url}/healthz`)).ok)
    const after = await client.completions.create({ model, prompt, seed: 1 })
    expect(after.choices[0].text).toBe(before.choices[0].text)
    expect(server.modelPid()).not.toBe(pid)
    expect(await metric(server.url, 'edt_model_restarts_total')).toBe(1)
    const { status } = await get(server.url, 'rebound.example')
    expect(status).toBe(403)
  })

  it('also while it is started again', async () => {
    const { server, client } = await start()
    const first = server.modelPid()!
    process.kill(first, 'SIGKILL')
    await until(() => server.modelPid() !== first)
    process.kill(server.modelPid()!, 'SIGKILL')
    await until(async () => (await metric(server.url, 'edt_model_restarts_total')) === 2)
    await expect(client.completions.create({ model, prompt })).rejects.toMatchObject({ status: 503 })
    await until(async () => (await fetch(`${server.url}/healthz`)).ok)
    expect((await client.completions.create({ model, prompt, seed: 1 })).choices[0].text).toMatch(/\w/)
  })
})

describe('closing', () => {
  it('lets an open request finish, takes no new ones, and ends the model’s process', async () => {
    const { server, client } = await start({ grace: 30 })
    const pid = server.modelPid()!
    const stream = await client.completions.create({ model, ...LONG, stream: true })
    const reading = outcome(stream)
    const closed = server.close()
    const late = client.completions.create({ model, prompt })
    await expect(late).rejects.toSatisfy(
      (error) => error instanceof APIConnectionError || error.code === 'shutting_down',
    )
    expect(await reading).toEqual({ pieces: expect.any(Number) })
    const finished = performance.now()
    await closed
    // The client's connection is kept alive, which must not hold the server.
    expect(performance.now() - finished).toBeLessThan(15_000)
    await until(() => !isAlive(pid))
  })

  it('does not wait for connections on which nothing was asked', async () => {
    const { server } = await start({ grace: 30 })
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(silent, 'connect')
    const started = performance.now()
    await server.close()
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it('fails what is still open after the grace time, also for a client that does not read', async () => {
    const { server, client } = await start({ grace: 0 })
    hold(server)
    const stuck = connect(Number(new URL(server.url).port), '127.0.0.1')
    stuck.on('error', () => {})
    const body = JSON.stringify({ ...LONG, stream: true })
    stuck.pause()
    stuck.write(
      `POST /v1/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    const stream = client.completions.create({ model, ...LONG, stream: true })
    const whole = client.completions.create({ model, ...LONG, n: 2 }).catch((error) => error)
    await until(async () => (await metric(server.url, 'edt_rows')) === 4)
    letGo(server)
    const reading = outcome(await stream)
    const started = performance.now()
    await server.close()
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await whole).toMatchObject({ status: 503, code: 'shutting_down' })
    expect((await reading).error).toMatchObject({ code: 'shutting_down' })
    stuck.destroy()
  })
})

describe('a server that cannot start says why', () => {
  it('because its port is taken', async () => {
    const { server } = await start()
    const port = Number(new URL(server.url).port)
    await expect(serveEmbedded({ port })).rejects.toThrow(EdtError)
    await expect(serveEmbedded({ port })).rejects.toThrow(`port ${port}`)
  })

  it('because the model or the tuner is not there', async () => {
    await expect(startServer({ model: '/nowhere/at-all', port: 0 })).rejects.toThrow('/nowhere/at-all')
    await expect(serveEmbedded({ tuner: '/nowhere/at-all' })).rejects.toThrow(EdtError)
  })
})

/** Asks for health under another name, which `fetch` does not allow. */
function get(url: string, host: string): Promise<{ status?: number }> {
  return new Promise((resolve, reject) => {
    const request = httpGet(`${url}/healthz`, { headers: { host } }, (response) => {
      response.resume()
      resolve({ status: response.statusCode })
    })
    request.on('error', reject)
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
