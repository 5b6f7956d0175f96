import { openStore, refuseOtherSettings, StoreMissingError } from '../store/index.js'
import { type CollectOptions, runSettings } from './collect.js'
import { type CostEstimate, estimateCost, type MeasuredRate } from './estimate.js'
import { gridJobs, planPrompts } from './plan.js'
import { probeJobs } from './probe.js'
import { openRunner, workersOf } from './runner.js'

/**
 * What `collect` with the same options would cost. Nothing is written; a few prompts are drawn and forgotten, unless an earlier rate is known.
 * @throws as `collect`
 */
export async function planCost(options: CollectOptions, earlier?: MeasuredRate): Promise<CostEstimate> {
  const { tasks, limits = {}, storePath, signal } = options
  const prompts = await planPrompts(tasks, limits)
  const runner = options.runner ?? openRunner(options)
  try {
    const settings = runSettings(options, await runner.model())
    const done = await outcomesIn(storePath, settings)
    const jobs = [
      ...gridJobs(
        settings,
        prompts.filter(({ promptId }) => !done.has(promptId)),
      ),
    ]
    const workers = workersOf(options)
    const probe = options.runner === undefined ? () => probeJobs(runner, jobs, { workers, signal }) : undefined
    return await estimateCost({ storePath, total: prompts.length, jobs, probe, workers, earlier })
  } finally {
    await runner.close()
  }
}

/** Keys of the prompts with nothing left to do; none without a store. */
async function outcomesIn(storePath: string, settings: ReturnType<typeof runSettings>): Promise<ReadonlySet<string>> {
  try {
    const store = await openStore(storePath, { readOnly: true })
    try {
      refuseOtherSettings(storePath, store.settings(), settings)
      return new Set([...store.finishedPrompts(), ...store.skippedPrompts()])
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof StoreMissingError) return new Set()
    throw error
  }
}
