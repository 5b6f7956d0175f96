import { describeModel, outcomeOf } from '../../collect/protocol.js'
import { runRollouts } from '../../collect/rollouts.js'
import { markovModel } from '../../collect/testing/markov-model.js'
import type { ModelDescription } from '../../collect/types.js'
import type { RolloutJob } from '../../types.js'
import type { JobPool } from '../worker.js'

/** Jobs done by the fake model in this process, and what the tests want to know about them. */
export interface TestPool extends JobPool {
  done: string[]
}

/** @param before called before each job; what it throws fails the job, a promise that never settles hangs it */
export function markovPool(
  before: (job: RolloutJob) => void | Promise<void> = () => {},
  changes: Partial<ModelDescription> = {},
): TestPool {
  const model = markovModel()
  const done: string[] = []
  return {
    done,
    model: async () => ({ ...(await describeModel(model)), ...changes }),
    run: async (job) => {
      await before(job)
      const outcome = await outcomeOf(job, (profile) => runRollouts(model, job, { maxRows: 256, profile }))
      done.push(job.promptId)
      return outcome
    },
    close: async () => undefined,
  }
}
