import type { Task } from 'tinybench'

/** Milliseconds of the median call. @throws when the task did not run to its end */
export function medianLatency({ name, result }: Task): number {
  const median = result !== undefined && 'latency' in result ? result.latency.p50 : undefined
  if (median === undefined) throw new Error(`tinybench gave no latency for "${name}"`)
  return median
}
