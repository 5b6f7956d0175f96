import { hostname } from 'node:os'
import { type CollectOptions, type CollectResult, type CostEstimate, collect, planCost } from '../collect/index.js'
import { type RunFolder, runPaths } from './folder.js'
import { readStatus, type SessionRate } from './status.js'

export type CollectInRunOptions = Omit<CollectOptions, 'storePath' | 'earlierRate'>

/**
 * `collect` into the run's store; how far it is goes into the run's status, what came out into its events.
 * @throws as `collect`
 */
export async function collectInRun(run: RunFolder, options: CollectInRunOptions): Promise<CollectResult> {
  const { onProgress, onEstimate } = options
  let before: number | undefined
  const result = await collect({
    ...options,
    storePath: run.store,
    earlierRate: sameMachine(run.earlierRate, options),
    onProgress: (progress) => {
      const { done, total, secondsLeft, samplesPerSecond } = progress
      before ??= done
      const drawn = done - before
      const rate =
        drawn === 0 || samplesPerSecond === 0 ? undefined : { samplesPerSecond, prompts: drawn, ...drawnWith(options) }
      run.progress({ step: 'collect', done, total, secondsLeft }, rate)
      onProgress?.(progress)
    },
    onEstimate:
      onEstimate &&
      ((estimate) => {
        // The log must not end what the estimate is about.
        const { seconds: aboutSeconds, bytes: aboutBytes, ...plan } = estimate
        run.event('estimated', { ...plan, aboutSeconds, aboutBytes }).catch(() => undefined)
        onEstimate(estimate)
      }),
  })
  const { total, finished, skipped, failed, collected, samples, tokens, seconds } = result
  const counts = { total, finished, skipped: skipped.length, collected, samples, tokens, seconds }
  await run.event('collected', { ...counts, ...(failed.length === 0 ? {} : { failed }) })
  return result
}

/**
 * What `collectInRun` would cost in the folder of a run that need not exist yet; nothing is written.
 * @throws as `collect`
 */
export async function planCostInRun(root: string, options: CollectInRunOptions): Promise<CostEstimate> {
  const { store, status } = runPaths(root)
  const earlier = sameMachine((await readStatus(status))?.rate, options)
  return planCost({ ...options, storePath: store }, earlier)
}

function drawnWith({ model, workers }: CollectInRunOptions): Pick<SessionRate, 'model' | 'host' | 'workers'> {
  return { model, workers, host: hostname() }
}

/** A rate says something about the next session only with the same model and processes on the same machine. */
function sameMachine(rate: SessionRate | undefined, options: CollectInRunOptions): SessionRate | undefined {
  const { model, host, workers } = drawnWith(options)
  return rate?.model === model && rate.host === host && rate.workers === workers ? rate : undefined
}
