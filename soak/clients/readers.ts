import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KnownCase } from '../known.js'
import { call, events, readAll } from './http.js'
import type { Client, ClientContext } from './types.js'

/** Reads a streamed answer to its end, and compares it with the known one. */
export const reader: Client = (context) => readStream('reader', context, 0)

/** The same, but it waits before it takes the next event. */
export const dawdler: Client = (context) => readStream('dawdler', context, 5 + 45 * context.random.next())

/** Asks for the whole answer at once. */
export const wholeReader: Client = async (context) => {
  const { target, tally } = context
  const known = pick(context)
  const response = await call(target, { path: '/v1/completions', body: known.body }).response
  const text = await readAll(response)
  if (response.statusCode !== 200) return refused('whole', context, response, text)
  const { choices, usage } = JSON.parse(text)
  compare('whole', context, known, { text: choices[0].text, finish: choices[0].finish_reason, usage })
  tally.count('whole answers')
}

/** Goes away after some time, or some events, of an answer. */
export const leaver: Client = async (context) => {
  const { target, tally, random } = context
  const known = pick(context)
  const stream = random.next() < 0.7
  const { request, response } = call(target, { path: '/v1/completions', body: { ...known.body, stream } })
  const leaveAfter = Math.floor(10 * random.next())
  const impatient = !stream || random.next() < 0.5
  const timer = impatient ? setTimeout(() => request.destroy(), 2000 * random.next() ** 2) : undefined
  try {
    let seen = 0
    for await (const _ of events(await response)) if (++seen > leaveAfter) break
    tally.count('left after some events')
  } catch {
    tally.count('left after some time')
  } finally {
    clearTimeout(timer)
    request.destroy()
  }
}

interface Heard {
  text: string
  finish: string | undefined
  usage: { completion_tokens: number } | undefined
}

async function readStream(name: string, context: ClientContext, pause: number): Promise<void> {
  const { target, tally } = context
  const known = pick(context)
  const body = { ...known.body, stream: true, stream_options: { include_usage: true } }
  const response = await call(target, { path: '/v1/completions', body }).response
  if (response.statusCode !== 200) return refused(name, context, response, await readAll(response))
  const heard: Heard = { text: '', finish: undefined, usage: undefined }
  const ids = new Set<string>()
  let done = false
  for await (const data of events(response)) {
    if (pause > 0) await sleep(pause)
    if (data === '[DONE]') {
      done = true
      continue
    }
    const { id, choices, usage, error } = JSON.parse(data)
    if (error !== undefined) return tally.fault(name, `${known.name}: an error within the stream: ${error.message}`)
    ids.add(id)
    heard.text += choices[0]?.text ?? ''
    heard.finish = choices[0]?.finish_reason ?? heard.finish
    heard.usage = usage ?? heard.usage
  }
  if (!done) return tally.fault(name, `${known.name}: the stream ended without [DONE], after ${quote(heard.text)}`)
  if (ids.size !== 1) tally.fault(name, `${known.name}: chunks of ${ids.size} answers in one stream`)
  compare(name, context, known, heard)
  tally.count(pause > 0 ? 'streams read slowly' : 'streams')
}

function compare(name: string, { tally }: ClientContext, known: KnownCase, { text, finish, usage }: Heard): void {
  tally.tokens += usage?.completion_tokens ?? 0
  const differs = (what: string, expected: unknown, found: unknown) =>
    tally.fault(name, `${known.name}: ${what} should be ${quote(expected)}, but is ${quote(found)}`)
  if (text !== known.text) differs('the text', known.text, text)
  if (finish !== known.finishReason) differs('the end', known.finishReason, finish)
  if (usage?.completion_tokens !== known.newTokens) differs('the usage', known.newTokens, usage?.completion_tokens)
}

/** A full queue is an answer, too: the client comes again when it is told to. Everything else is a fault. */
async function refused(name: string, { tally }: ClientContext, response: IncomingMessage, text: string): Promise<void> {
  if (response.statusCode !== 429) return tally.fault(name, `status ${response.statusCode}: ${text.slice(0, 200)}`)
  tally.count('refused with 429')
  await sleep(1000 * Number(response.headers['retry-after'] ?? 1))
}

function pick({ cases, random }: ClientContext): KnownCase {
  return cases[Math.floor(random.next() * cases.length)]
}

function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
