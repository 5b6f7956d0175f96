import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Watches for connections that have sent no request, as browsers open them in advance. `closeIdleConnections` takes them for busy, so that a closing
 * server would wait for them in vain.
 * @returns what closes those that there are
 */
export function watchSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return () => {
    for (const socket of silent) socket.destroy()
  }
}
