import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/sampling/index.js'
import type { KnownCase } from '../known.js'
import { Tally } from '../tally.js'
import { attacker } from './hostile.js'
import { closeConnections } from './http.js'
import { reader, wholeReader } from './readers.js'
import type { Client } from './types.js'

const known: KnownCase = {
  name: 'case 0',
  body: { prompt: 'a', seed: 1 },
  text: 'one two',
  finishReason: 'stop',
  newTokens: 3,
}

let server: Server
afterEach(async () => {
  closeConnections()
  server.close()
  await once(server, 'close')
})

/** What a client makes of a server that answers as it is told. */
async function visit(client: Client, listener: RequestListener): Promise<Tally> {
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => listener(request, response))
  }).listen(0)
  await once(server, 'listening')
  const tally = new Tally()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await client({ target: { url, apiKey: 'k' }, cases: [known], random: randomStream(1), tally, patience: 10 })
  return tally
}

const chunk = (text: string, { id = 'a', finish = null as string | null } = {}) => ({
  id,
  choices: [{ index: 0, text, finish_reason: finish }],
})
const usage = { id: 'a', choices: [], usage: { completion_tokens: 3 } }

const streamOf =
  (...data: unknown[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const item of data) response.write(`data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`)
    response.end()
  }

const right = [chunk('one'), chunk(' two'), chunk('', { finish: 'stop' }), usage, '[DONE]']
const problems = (tally: Tally) => tally.faults.map(({ problem }) => problem)

describe('a reader of streams', () => {
  it('counts an answer that is the known one', async () => {
    const tally = await visit(reader, streamOf(...right))
    expect(tally).toMatchObject({ counts: { streams: 1 }, faultCount: 0, tokens: 3 })
  })

  it('sees a lost piece, a mixed answer, a wrong end and a wrong count of tokens', async () => {
    expect(problems(await visit(reader, streamOf(right[0], ...right.slice(2))))).toEqual([
      'case 0: the text should be "one two", but is "one"',
    ])
    expect(problems(await visit(reader, streamOf(chunk('one', { id: 'b' }), ...right.slice(1))))).toEqual([
      'case 0: chunks of 2 answers in one stream',
    ])
    expect(
      problems(await visit(reader, streamOf(right[0], chunk(' two', { finish: 'length' }), usage, '[DONE]'))),
    ).toEqual(['case 0: the end should be "stop", but is "length"'])
    expect(problems(await visit(reader, streamOf(...right.slice(0, 3), '[DONE]')))).toEqual([
      'case 0: the usage should be 3, but is undefined',
    ])
  })

  it('sees a stream that ends too early or with an error, and a refusal', async () => {
    expect(problems(await visit(reader, streamOf(...right.slice(0, 2))))).toEqual([
      'case 0: the stream ended without [DONE], after "one two"',
    ])
    expect(problems(await visit(reader, streamOf(right[0], { error: { message: 'gone' } })))).toEqual([
      'case 0: an error within the stream: gone',
    ])
    const refusing: RequestListener = (_, response) => response.writeHead(503).end('no')
    expect(problems(await visit(reader, refusing))).toEqual(['status 503: no'])
  })

  it('comes again later when the queue is full', async () => {
    const busy: RequestListener = (_, response) => response.writeHead(429, { 'retry-after': '0' }).end('{}')
    expect(await visit(wholeReader, busy)).toMatchObject({ counts: { 'refused with 429': 1 }, faultCount: 0 })
  })
})

describe('an attacker', () => {
  it('sees a server that takes what it should turn away', async () => {
    const tally = await visit(attacker, (_, response) => response.writeHead(200).end('{}'))
    expect(problems(tally)[0]).toMatch(/status 200 instead of 4/)
  })

  it('sees a refusal that is no error in the shape of the API', async () => {
    const statuses: RequestListener = (_, response) => response.writeHead(400).end('{"message": "no"}')
    expect(problems(await visit(attacker, statuses))[0]).toMatch(/no error in OpenAI's shape/)
  })
})
