import { monitorEventLoopDelay } from 'node:perf_hooks'
import { toPlainError } from '../src/process/index.js'
import { type RunningServer, type ServerOptions, startServer } from '../src/server/index.js'
import type { FromServer, ToServer } from './protocol.js'

// The server in a process of its own, where nothing but HTTP is at work, and where the delay of its event loop can be measured.

const loopDelay = monitorEventLoopDelay({ resolution: 5 })
let server: RunningServer

const send = (message: FromServer) => process.send?.(message)

async function start(options: ServerOptions): Promise<void> {
  server = await startServer(options)
  send({ type: 'ready', url: server.url, pid: process.pid })
}

function health(): FromServer {
  const { rss, heapUsed } = process.memoryUsage()
  const [max, p99] = [loopDelay.max, loopDelay.percentile(99)].map((nanoseconds) => nanoseconds / 1e6)
  loopDelay.reset()
  return {
    type: 'health',
    health: {
      ...{ rssBytes: rss, heapBytes: heapUsed, modelPid: server.modelPid() },
      loopDelay: { maxMs: max, p99Ms: p99 },
    },
  }
}

process.on('message', async (message: ToServer) => {
  try {
    if (message.type === 'start') await start(message.options)
    else if (message.type === 'watch') {
      loopDelay.enable()
      loopDelay.reset()
    } else if (message.type === 'health') send(health())
    else {
      await server.close()
      process.disconnect()
    }
  } catch (error) {
    send({ type: 'failed', error: toPlainError(error) })
  }
})
// The soak decides when the server ends; Ctrl-C reaches every process of the terminal.
process.on('SIGINT', () => undefined)
