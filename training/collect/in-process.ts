import { type LanguageModel, loadModel } from '../../src/lm/index.js'
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
      yield await outcomeOf(job, () => runRollouts(model, job, { maxRows: this.maxRows, signal }))
    }
  }

  async close(): Promise<void> {
    const model = await this.loaded?.catch(() => undefined)
    await model?.dispose()
  }

  private load(): Promise<LanguageModel> {
    const { model, ...options } = this.options
    this.loaded ??= loadModel(model, options)
    return this.loaded
  }
}
