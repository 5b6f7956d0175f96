import type { RolloutJob } from '../types.js'
import type { ModelDescription, RolloutOutcome, RolloutRunner } from './types.js'

/** What a few of a run's own jobs took. */
export interface Probe {
  prompts: number
  samples: number
  /** Of one process, summed over the jobs: loading is not in it. */
  busySeconds: number
  /** UTF-8 bytes of all texts that a store keeps of these jobs. */
  textBytes: number
  /** Numbers in their feature vectors. */
  features: number
}

/** No further job is begun after this many ms. */
const LONGEST = 5000
/** Nor after so many. */
const MOST_PROMPTS = 12

/** Does jobs ahead of a run to see what they take, and keeps the outcomes: the run gets them when it asks, and nothing is done twice. */
export class ProbingRunner implements RolloutRunner {
  private readonly kept = new Map<string, RolloutOutcome>()

  constructor(
    private readonly runner: RolloutRunner,
    private readonly workers: number,
  ) {}

  model(): Promise<ModelDescription> {
    return this.runner.model()
  }

  /**
   * Does jobs spread over the given ones: at least one a worker, and as many as a few seconds allow.
   * @throws as `outcomes`
   */
  async probe(jobs: readonly RolloutJob[], signal?: AbortSignal): Promise<Probe> {
    const probe: Probe = { prompts: 0, samples: 0, busySeconds: 0, textBytes: 0, features: 0 }
    const until = performance.now() + LONGEST
    const { workers } = this
    const most = Math.min(jobs.length, Math.max(workers, MOST_PROMPTS))
    function* chosen() {
      for (let i = 0; i < most && (i < workers || performance.now() < until); i++) {
        yield jobs[Math.floor(((i + 0.5) * jobs.length) / most)]
      }
    }
    const byId = new Map(jobs.map((job) => [job.promptId, job]))
    for await (const outcome of this.runner.outcomes(chosen(), signal)) {
      this.kept.set(outcome.promptId, outcome)
      count(probe, byId.get(outcome.promptId)!, outcome)
    }
    return probe
  }

  async *outcomes(
    jobs: Iterable<RolloutJob> | AsyncIterable<RolloutJob>,
    signal?: AbortSignal,
  ): AsyncGenerator<RolloutOutcome> {
    const { kept } = this
    // At once, not where the plan has them: in memory they would be lost with the process.
    yield* kept.values()
    async function* rest() {
      for await (const job of jobs) if (!kept.has(job.promptId)) yield job
    }
    yield* this.runner.outcomes(rest(), signal)
  }

  close(): Promise<void> {
    return this.runner.close()
  }
}

function count(probe: Probe, { prompt, references }: RolloutJob, { result, profile }: RolloutOutcome): void {
  probe.prompts++
  if (result === undefined) return
  const { prefill, model, cache, draw, bookkeeping, score } = profile!
  probe.busySeconds += (prefill + model + cache + draw + bookkeeping + score) / 1000
  probe.features += result.features?.values.length ?? 0
  const drawn = result.rollouts.flatMap(({ samples }) => samples)
  probe.samples += drawn.length
  for (const text of [prompt, ...references, ...drawn.map((sample) => sample.text)]) {
    probe.textBytes += Buffer.byteLength(text)
  }
}
