import type { LanguageModel } from '../../src/lm/types.js'
import type { RolloutJob } from '../types.js'
import { describeModel, outcomeOf } from './protocol.js'
import { runRollouts } from './rollouts.js'
import type { ModelDescription, ModelOptions, RolloutOutcome, RolloutRunner } from './types.js'

/** Does jobs one after the other in this process. */
export class InProcessRunner implements RolloutRunner {
  private loaded: Promise<LanguageModel> | undefined

  constructor(
    private readonly options: ModelOptions & { threads: number },
    private readonly maxRows: number,
  ) {}

  async model(): Promise<ModelDescription> {
    return describeModel(await this.load())
  }

  async *outcomes(
    jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>,
    signal?: AbortSignal,
  ): AsyncGenerator<RolloutOutcome> {
    const model = await this.load()
    for await (const job of jobs) {
      signal?.throwIfAborted()
      yield await outcomeOf(job, (profile) => runRollouts(model, job, { maxRows: this.maxRows, signal, profile }))
    }
  }

  async close(): Promise<void> {
    const model = await this.loaded?.catch(() => undefined)
    await model?.dispose()
  }

  private load(): Promise<LanguageModel> {
    this.loaded ??= loadHere(this.options)
    return this.loaded
  }
}

/** The model's libraries take most of a second to load, which a process that only hands out jobs need not spend. */
async function loadHere({ model, ...options }: ModelOptions & { threads: number }): Promise<LanguageModel> {
  const { loadModel } = await import('../../src/lm/index.js')
  return loadModel(model, options)
}
