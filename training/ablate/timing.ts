import type { RolloutRunner } from '../collect/types.js'
import type { RolloutUsage } from '../types.js'
import { timingJob } from './jobs.js'
import type { Journal } from './journal.js'
import type { CompleteOptions } from './options.js'
import { samplePrompts } from './prompts.js'
import type { ComparedStrategy } from './ready.js'
import { digestOf, promptDigest, specKey } from './records.js'
import { resultOf } from './run-phase.js'
import type { AblationPrompt, Cost } from './types.js'

/** What speeds are compared with. */
const UNIT_OF_SPEED = 'fixed-temperature'

/**
 * Speed and memory of every strategy, each alone on the same few prompts: in the ablation itself they share batches, so nothing there could be
 * told apart.
 *
 * Speed: one process; every prompt under every strategy, in an order that moves on from prompt to prompt, after a first round that does not
 * count. New tokens over the time of prefills and decoding (two prefills and two decodes for KLD), all samples of a prompt in one batch; greedy
 * draws one sample, since all are the same. The time is the processor's where the model runs on it, on one thread, because other work of the
 * machine distorts the clock's; on other devices it is the clock's. Memory: a fresh process for each strategy.
 *
 * @param device where the model runs
 * @returns by strategy; undefined when nothing was to be measured
 */
export async function measureCosts(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  strategies: readonly ComparedStrategy[],
  device: string,
  options: CompleteOptions,
): Promise<Record<string, Cost> | undefined> {
  const { timingPrompts, openTimingRunner, onProgress, signal } = options
  if (timingPrompts === 0 || openTimingRunner === undefined) return undefined
  const chosen = samplePrompts(prompts, timingPrompts)
  const jobFor = (prompt: AblationPrompt, { rolloutFor }: ComparedStrategy) =>
    timingJob(prompt, options, rolloutFor(prompt))
  const digest = digestOf(
    strategies.map((strategy) =>
      chosen.map((prompt) => [
        strategy.id,
        promptDigest(jobFor(prompt, strategy)),
        specKey(strategy.rolloutFor(prompt)),
      ]),
    ),
  )
  const known = await storedCosts(journal, digest)
  const total = strategies.length * (2 * chosen.length + 1)
  let done = known === undefined ? 0 : total
  onProgress?.({ phase: 'timing', done, total })
  if (known !== undefined) return known
  const measure = async (runner: RolloutRunner, prompt: AblationPrompt, strategy: ComparedStrategy) => {
    for await (const outcome of runner.outcomes([jobFor(prompt, strategy)], signal)) {
      onProgress?.({ phase: 'timing', done: ++done, total })
      return resultOf(outcome).usage!
    }
    throw new Error('the runner ended without an outcome')
  }

  const inOneProcess = new Map(strategies.map(({ id }) => [id, [] as RolloutUsage[]]))
  await withRunner(openTimingRunner, async (runner) => {
    for (const strategy of strategies) await measure(runner, chosen[0], strategy)
    for (const [i, prompt] of chosen.entries()) {
      const order = strategies.map((_, k) => strategies[(i + k) % strategies.length])
      for (const strategy of order) inOneProcess.get(strategy.id)!.push(await measure(runner, prompt, strategy))
    }
  })
  const alone = new Map<string, RolloutUsage[]>()
  for (const strategy of strategies) {
    await withRunner(openTimingRunner, async (runner) => {
      const usages: RolloutUsage[] = []
      for (const prompt of chosen) usages.push(await measure(runner, prompt, strategy))
      alone.set(strategy.id, usages)
    })
  }

  const time = device === 'cpu' ? 'processorSeconds' : 'seconds'
  const speeds = new Map([...inOneProcess].map(([id, usages]) => [id, sum(usages, 'tokens') / sum(usages, time)]))
  const unit = speeds.get(UNIT_OF_SPEED)
  const costs = Object.fromEntries(
    [...speeds].map(([id, tokensPerSecond]): [string, Cost] => [
      id,
      {
        tokensPerSecond,
        ...(unit === undefined ? {} : { relativeSpeed: tokensPerSecond / unit }),
        peakMemoryBytes: Math.max(...alone.get(id)!.map((usage) => usage.peakMemoryBytes)),
        peakCacheBytes: Math.max(...alone.get(id)!.map((usage) => usage.peakCacheBytes)),
      },
    ]),
  )
  await journal.append({ kind: 'timing', job: digest, costs })
  return costs
}

async function storedCosts(journal: Journal, digest: string): Promise<Record<string, Cost> | undefined> {
  let known: Record<string, Cost> | undefined
  for await (const record of journal.records()) {
    if (record.kind === 'timing' && record.job === digest) known = record.costs
  }
  return known
}

async function withRunner(open: () => RolloutRunner, work: (runner: RolloutRunner) => Promise<void>): Promise<void> {
  const runner = open()
  try {
    await work(runner)
  } finally {
    await runner.close()
  }
}

function sum(usages: readonly RolloutUsage[], of: 'tokens' | 'seconds' | 'processorSeconds'): number {
  return usages.reduce((total, usage) => total + usage[of], 0)
}
