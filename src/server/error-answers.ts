import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CLIENT_LEFT } from './answering.js'
import { ApiError, errorBody, toApiError } from './api/errors.js'

/** Turns everything that is thrown, and everything that is asked for and not there, into an answer in OpenAI's shape. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    if (error === CLIENT_LEFT) return reply.hijack()
    const known = toApiError(error)
    if (known.status >= 500) request.log.error({ err: error }, 'a request failed')
    if (known.detail.retryAfter !== undefined) reply.header('retry-after', known.detail.retryAfter)
    return reply.code(known.status).send(errorBody(known))
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]
    const methods = ['GET', 'POST'].filter((method) => app.hasRoute({ method, url: path }))
    if (methods.length === 0) {
      throw new ApiError(404, `There is nothing at ${request.method} ${path}; see docs/server.md.`)
    }
    reply.header('allow', methods.join(', '))
    throw new ApiError(405, `${path} takes ${methods.join(' or ')}, but was asked with ${request.method}.`)
  })
}

/** A server that is closing answers what it has and takes nothing new, also on connections that are kept alive. */
export function refuseWhenClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async (_, reply) => {
    if (!closing) return
    reply.header('connection', 'close')
    throw new ApiError(503, 'The server is shutting down.', { code: 'shutting_down' })
  })
}

/** An address that cannot be decoded comes before all routes and hooks. */
export function answerFrameworkError(error: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  const known = toApiError(error)
  reply.code(known.status).send(errorBody(known))
}

/** What is no HTTP at all, too long in its head, or too slow, never becomes a request. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, reason, message] = BROKEN_HTTP[error.code ?? ''] ?? [
    400,
    'Bad Request',
    'This is not a request in HTTP/1.1.',
  ]
  const body = JSON.stringify(errorBody(new ApiError(status, message)))
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const BROKEN_HTTP: Record<string, [status: number, reason: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers of the request are too long; send less.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive.'],
}
