import type { RolloutJob } from '../types.js'
import type { RolloutOutcome, RolloutRunner } from './types.js'

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

export interface ProbeOptions {
  /** Processes at once; each gets at least one job. */
  workers: number
  signal?: AbortSignal
  /** Gets the outcomes as they come: nothing is done for the probe alone. */
  take?: (outcome: RolloutOutcome) => Promise<void>
}

/** No further job is begun after this many ms. */
const LONGEST = 5000
/** Nor after so many. */
const MOST_PROMPTS = 12

/**
 * Does jobs spread over the given ones, as many as a few seconds allow, and counts what they take.
 * @throws as the runner's `outcomes`, and as `take`
 */
export async function probeJobs(
  runner: RolloutRunner,
  jobs: readonly RolloutJob[],
  { workers, signal, take }: ProbeOptions,
): Promise<Probe> {
  const probe: Probe = { prompts: 0, samples: 0, busySeconds: 0, textBytes: 0, features: 0 }
  const until = performance.now() + LONGEST
  const most = Math.min(jobs.length, Math.max(workers, MOST_PROMPTS))
  function* chosen() {
    for (let i = 0; i < most && (i < workers || performance.now() < until); i++) {
      yield jobs[Math.floor(((i + 0.5) * jobs.length) / most)]
    }
  }
  const byId = new Map(jobs.map((job) => [job.promptId, job]))
  for await (const outcome of runner.outcomes(chosen(), signal)) {
    count(probe, byId.get(outcome.promptId)!, outcome)
    await take?.(outcome)
  }
  return probe
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
