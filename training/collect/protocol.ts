import { EdtError, OutOfMemoryError, recogniseOutOfMemory } from '../../src/errors.js'
import { ContextOverflowError } from '../../src/lm/errors.js'
import type { LanguageModel } from '../../src/lm/types.js'
import type { PlainError } from '../../src/process/index.js'
import type { RolloutJob, RolloutResult } from '../types.js'
import { RolloutError } from './errors.js'
import { newRolloutProfile, type RolloutProfile } from './rollouts.js'
import type { ModelDescription, ModelOptions, RolloutOutcome } from './types.js'

export async function describeModel(model: LanguageModel): Promise<ModelDescription> {
  const { id, vocabularySize, vocabularyHash, contextLength, device, dtype } = model
  const weightsHash = await model.weightsHash?.()
  return {
    ...{ id, vocabularySize, vocabularyHash, contextLength, device, dtype },
    ...(weightsHash === undefined ? {} : { weightsHash }),
  }
}

export type MessageToWorker =
  | { type: 'load'; options: ModelOptions & { threads: number }; maxRows: number }
  | { type: 'job'; job: RolloutJob }

export type MessageFromWorker =
  | { type: 'ready'; model: ModelDescription }
  | { type: 'outcome'; outcome: RolloutOutcome }
  | { type: 'failed'; error: PlainError }

/**
 * Does a job, and counts where its time goes. A job that overflows the context has an outcome, too.
 * @throws {OutOfMemoryError}; {RolloutError} naming the prompt, for every other error that is made for users; other errors as they are
 */
export async function outcomeOf(
  job: RolloutJob,
  work: (profile: RolloutProfile) => Promise<RolloutResult>,
): Promise<RolloutOutcome> {
  const { promptId } = job
  const profile = newRolloutProfile()
  try {
    return { promptId, result: await work(profile), profile }
  } catch (error) {
    if (error instanceof ContextOverflowError) {
      const { promptTokens, maxNewTokens, contextLength } = error
      return { promptId, overflow: { promptTokens, maxNewTokens, contextLength } }
    }
    const known = recogniseOutOfMemory(error)
    if (known instanceof OutOfMemoryError) throw known // no fault of the prompt
    throw known instanceof EdtError ? new RolloutError(promptId, known.message, { cause: known }) : known
  }
}
