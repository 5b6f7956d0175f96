import type { FastifyBaseLogger } from 'fastify'
import { ApiError } from './api/errors.js'
import { type AppOptions, buildServer } from './app.js'
import { toListenError } from './errors.js'
import { openBackend } from './model/backend.js'
import type { LoadRequest, ServedModel } from './model/protocol.js'
import { isLoopback, LOOPBACK } from './security.js'
import { watchSilentConnections } from './silent-connections.js'

export interface ServerOptions extends AppOptions, Omit<LoadRequest, 'maxRows'> {
  /** @default '127.0.0.1': this machine alone */
  host?: string
  /** 0: any free port. @default 8080 */
  port?: number
  /** Seconds that open requests get to finish when the server closes. @default 10 */
  grace?: number
}

export interface RunningServer {
  /** e.g. `http://127.0.0.1:8080`. */
  url: string
  model: ServedModel
  /** Process id of the model's process, another one after a restart. */
  modelPid(): number | undefined
  /** Takes no new requests, lets open ones finish for the grace time, fails those that are left, and ends the model's process. */
  close(): Promise<void>
}

/**
 * Loads a model in a process of its own and serves it over HTTP; see docs/server.md.
 * @throws what loading the model or the tuner throws; {ListenError} when the port is taken or the address is not this machine's
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { model, dtype, device, threads, tuner, maxRows = 128, host = '127.0.0.1', port = 8080, grace = 10 } = options
  const restarts = { log: undefined as FastifyBaseLogger | undefined, count: () => {} }
  const backend = await openBackend(
    { model, dtype, device, threads, tuner, maxRows },
    {
      onDeath: (error, restartsIn) => {
        restarts.count()
        restarts.log?.error({ err: error, restartsIn }, 'the model died')
      },
      onRestart: ({ id }) => restarts.log?.info({ model: id }, 'the model is back'),
    },
  )
  try {
    const hosts = options.hosts ?? (isLoopback(host) ? [...LOOPBACK, host] : undefined)
    const { app, metrics, abort } = await buildServer(backend, { ...options, maxRows, hosts })
    restarts.log = app.log
    restarts.count = () => metrics.restarts.inc()
    const closeSilent = watchSilentConnections(app.server)
    const url = await app.listen({ host, port }).catch((error) => {
      throw toListenError(error, host, port)
    })
    let closed: Promise<void> | undefined
    const close = async () => {
      const timer = setTimeout(
        () => abort(new ApiError(503, 'The server is shutting down.', { code: 'shutting_down' })),
        grace * 1000,
      )
      // A client that does not read its answer would keep its connection open for ever.
      const last = setTimeout(() => app.server.closeAllConnections(), (grace + 1) * 1000)
      // A connection that was busy when the server began to close is kept alive after its answer, and would hold the server.
      const idle = setInterval(() => {
        app.server.closeIdleConnections()
        closeSilent()
      }, 50)
      await app.close()
      clearTimeout(timer)
      clearTimeout(last)
      clearInterval(idle)
      await backend.close()
    }
    return {
      url,
      model: backend.model,
      modelPid: () => backend.pid,
      close: () => {
        closed ??= close()
        return closed
      },
    }
  } catch (error) {
    await backend.close()
    throw error
  }
}
