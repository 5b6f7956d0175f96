import { connect } from 'node:net'
import { type Call, call, readAll } from './http.js'
import type { Client, ClientContext } from './types.js'

interface Attack extends Call {
  name: string
  /** Statuses that are right answers. */
  expected: readonly number[]
}

const completions = '/v1/completions'
const json = { 'content-type': 'application/json' }

const noKey = { authorization: '' }

const ATTACKS: readonly Attack[] = [
  { name: 'no key', path: completions, headers: noKey, body: { prompt: 'a' }, expected: [401] },
  {
    name: 'a wrong key',
    path: completions,
    headers: { authorization: 'Bearer a' },
    body: { prompt: 'a' },
    expected: [401],
  },
  {
    name: 'no key, path in disguise',
    path: '/%76%31/completions',
    headers: noKey,
    body: { prompt: 'a' },
    expected: [401],
  },
  { name: 'no JSON', path: completions, headers: json, body: '{"prompt": ', expected: [400] },
  { name: 'a list', path: completions, headers: json, body: '[]', expected: [400] },
  { name: 'null', path: completions, headers: json, body: 'null', expected: [400] },
  { name: 'nothing', path: completions, headers: json, body: '', expected: [400] },
  { name: 'no prompt', path: completions, body: {}, expected: [400] },
  { name: 'wrong types', path: completions, body: { prompt: 7, max_tokens: 'many' }, expected: [400] },
  { name: 'tokens below zero', path: completions, body: { prompt: 'a', max_tokens: -1 }, expected: [400] },
  { name: 'a million tokens', path: completions, body: { prompt: 'a', max_tokens: 1e6 }, expected: [400] },
  { name: 'a million answers', path: completions, body: { prompt: 'a', n: 1e6 }, expected: [400] },
  {
    name: 'temperature NaN',
    path: completions,
    headers: json,
    body: '{"prompt":"a","temperature":NaN}',
    expected: [400],
  },
  {
    name: 'temperature 1e999',
    path: completions,
    headers: json,
    body: '{"prompt":"a","temperature":1e999}',
    expected: [400],
  },
  { name: '__proto__', path: completions, headers: json, body: '{"prompt":"a","__proto__":{"n":9}}', expected: [400] },
  {
    name: 'deep nesting',
    path: completions,
    headers: json,
    body: `{"prompt":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    expected: [400],
  },
  { name: 'a long prompt', path: completions, body: { prompt: 'word '.repeat(20_000) }, expected: [400] },
  { name: 'too large', path: completions, body: { prompt: 'x'.repeat(8_000_000) }, expected: [413] },
  { name: 'a form', path: completions, headers: { 'content-type': 'text/html' }, body: 'prompt=a', expected: [415] },
  { name: 'no such route', path: '/v1/nothing', body: {}, expected: [404] },
  { name: 'a path upwards', method: 'GET', path: '/..%2f..%2fetc/passwd', expected: [404] },
  {
    name: 'a foreign name',
    path: completions,
    headers: { host: 'elsewhere.example' },
    body: { prompt: 'a' },
    expected: [403],
  },
  { name: 'wrong method', method: 'PUT', path: completions, body: {}, expected: [404, 405] },
  { name: 'another model', path: completions, body: { prompt: 'a', model: 'gpt-4' }, expected: [404] },
  {
    name: 'messages without a template',
    path: '/v1/chat/completions',
    body: { messages: [{ role: 'user', content: 'a' }] },
    expected: [400],
  },
]

/** Sends what no honest client sends, and looks whether it is turned away with a sentence in OpenAI's shape. */
export const attacker: Client = async (context) => {
  const { target, random, tally } = context
  if (random.next() < 0.2) return breakOff(context)
  const attack = ATTACKS[Math.floor(random.next() * ATTACKS.length)]
  try {
    const response = await call(target, attack).response
    const text = await readAll(response)
    if (!attack.expected.includes(response.statusCode!))
      return tally.fault(
        'attacker',
        `${attack.name}: status ${response.statusCode} instead of ${attack.expected.join(' or ')}: ${text.slice(0, 200)}`,
      )
    const { error } = JSON.parse(text)
    if (typeof error?.message !== 'string' || typeof error.type !== 'string')
      return tally.fault('attacker', `${attack.name}: no error in OpenAI's shape: ${text.slice(0, 200)}`)
  } catch (error) {
    // A server may close the connection while a body comes that it has refused.
    if (!attack.expected.includes(413)) return tally.fault('attacker', `${attack.name}: ${(error as Error).message}`)
    return tally.count('oversized bodies cut off')
  }
  tally.count('attacks answered with 4xx')
}

/** Bytes that are no request, or half of one. */
async function breakOff({ target, random, tally }: ClientContext): Promise<void> {
  const { hostname, port } = new URL(target.url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  const openings = [
    'GET / HTTP/9.9\r\n\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
    `POST ${completions} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"prompt": "a`,
    `POST ${completions} HTTP/1.1\r\nhost: a\r\n${'x-header: a\r\n'.repeat(5000)}\r\n`,
    `POST ${completions} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  ]
  socket.write(openings[Math.floor(random.next() * openings.length)])
  socket.resume()
  setTimeout(() => socket.destroy(), 1000 * random.next())
  await closed
  tally.count('broken requests')
}
