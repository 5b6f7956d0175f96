import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { toPlainError } from '../src/process/index.js'
import { type RunningServer, startServer } from '../src/server/index.js'
import { watchLoop } from './loop-watch.js'
import type { FromServer, ToServer } from './protocol.js'

// The server in a process of its own, where nothing but HTTP is at work, and where the delay of its event loop can be measured.

const loop = watchLoop()
let server: RunningServer

async function answer(message: ToServer): Promise<FromServer | undefined> {
  switch (message.type) {
    case 'start':
      server = await startServer(message.options)
      return { type: 'ready', url: server.url }
    case 'watch':
      loop.reset()
      return { type: 'watching' }
    case 'health': {
      const { rss, heapUsed } = process.memoryUsage()
      const modelPid = server.modelPid()
      return { type: 'health', health: { rssBytes: rss, heapBytes: heapUsed, modelPid, loop: loop.take() } }
    }
    case 'live':
      return { type: 'live', heapBytes: liveHeap() }
    case 'close':
      process.off('disconnect', abandon)
      await server.close()
      process.disconnect()
  }
}

/** Bytes of the heap that are in use after a full collection of garbage, whose own delay is not the server's. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  loop.reset()
  return process.memoryUsage().heapUsed
}

/** The soak died; nobody else would end this process and the model's. */
function abandon(): void {
  process.exit(1)
}

process.on('message', async (message: ToServer) => {
  const told = await answer(message).catch((error): FromServer => ({ type: 'failed', error: toPlainError(error) }))
  if (told !== undefined) process.send?.(told)
})
process.on('disconnect', abandon)
// The soak decides when the server ends; Ctrl-C reaches every process of the terminal.
process.on('SIGINT', () => undefined)
