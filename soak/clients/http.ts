import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/** The server under test. */
export interface Target {
  url: string
  apiKey: string
}

export interface Call {
  method?: string
  path: string
  /** Besides, or instead of, the API key and the type of the content. */
  headers?: Record<string, string>
  /** Sent as it is when it is text, as JSON otherwise. */
  body?: unknown
}

/** A call under way, and its answer when the headers are there. */
export interface Pending {
  request: ClientRequest
  response: Promise<IncomingMessage>
}

export function call({ url, apiKey }: Target, { method = 'POST', path, headers = {}, body }: Call): Pending {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const sent = request(new URL(path, url), {
    agent,
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  })
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve)
    sent.on('error', reject)
  })
  sent.end(payload)
  return { request: sent, response }
}

export async function readAll(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response.setEncoding('utf8')) text += piece
  return text
}

/** The data of server-sent events, as they come; reads no faster than it is asked. */
export async function* events(response: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of response.setEncoding('utf8')) {
    const parts = (rest + piece).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) if (part.startsWith('data: ')) yield part.slice('data: '.length)
  }
}

/** Lets go of the connections that are kept open. */
export function closeConnections(): void {
  agent.destroy()
}
