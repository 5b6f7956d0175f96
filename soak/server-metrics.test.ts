import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { finalMetrics } from './server-metrics.js'

let server: Server
afterEach(() => server.close())

/** A server that tells these numbers of rows, one after the other and the last for ever. */
async function telling(...rows: number[]): Promise<string> {
  server = createServer((_, response) => {
    const open = rows.length > 1 ? rows.shift() : rows[0]
    response.end(`edt_rows ${open}\nedt_queue_length 0\nedt_model_restarts_total 1\n`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('takes no client for open that hung up a moment ago', async () => {
  const target = { url: await telling(32, 32, 0), apiKey: 'key' }
  await expect(finalMetrics(target)).resolves.toEqual({ openRequests: 0, restarts: 1 })
})

it('tells of requests that stay open', async () => {
  const target = { url: await telling(32, 1), apiKey: 'key' }
  await expect(finalMetrics(target)).resolves.toEqual({ openRequests: 1, restarts: 1 })
})
