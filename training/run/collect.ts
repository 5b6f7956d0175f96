import { type CollectOptions, type CollectResult, collect } from '../collect/index.js'
import type { RunFolder } from './folder.js'

export type CollectInRunOptions = Omit<CollectOptions, 'storePath'>

/** `collect` into the run's store; what came out is written into its events. @throws as `collect` */
export async function collectInRun(run: RunFolder, options: CollectInRunOptions): Promise<CollectResult> {
  const result = await collect({ ...options, storePath: run.store })
  const { total, finished, skipped, collected, samples, tokens, seconds } = result
  await run.event('collected', { total, finished, skipped: skipped.length, collected, samples, tokens, seconds })
  return result
}
