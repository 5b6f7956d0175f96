import type { FastifyInstance } from 'fastify'
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
