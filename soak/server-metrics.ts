import { setTimeout as sleep } from 'node:timers/promises'
import { call, readAll, type Target } from './clients/http.js'

/** How long the server may take to notice that the last clients have left. */
const SETTLE_MS = 2000
const READ_EVERY_MS = 20

/**
 * What the server says of itself at `/metrics` once its clients have left: open requests, and how often the model's process died. The last client may
 * have hung up this very moment, so requests that are open still are read again for two seconds.
 */
export async function finalMetrics(target: Target): Promise<{ openRequests: number; restarts: number }> {
  const deadline = performance.now() + SETTLE_MS
  for (;;) {
    const metrics = await readMetrics(target)
    if (metrics.openRequests === 0 || performance.now() > deadline) return metrics
    await sleep(READ_EVERY_MS)
  }
}

async function readMetrics(target: Target): Promise<{ openRequests: number; restarts: number }> {
  const text = await readAll(await call(target, { method: 'GET', path: '/metrics' }).response)
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return { openRequests: value('edt_rows') + value('edt_queue_length'), restarts: value('edt_model_restarts_total') }
}
