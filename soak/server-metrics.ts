import { call, readAll, type Target } from './clients/http.js'

/** What the server says of itself at `/metrics`: open requests, and how often the model's process died. */
export async function serverMetrics(target: Target): Promise<{ openRequests: number; restarts: number }> {
  const text = await readAll(await call(target, { method: 'GET', path: '/metrics' }).response)
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return { openRequests: value('edt_rows') + value('edt_queue_length'), restarts: value('edt_model_restarts_total') }
}
