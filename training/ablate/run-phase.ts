import { ContextOverflowError } from '../../src/lm/index.js'
import { RolloutError } from '../collect/errors.js'
import type { RolloutOutcome } from '../collect/types.js'
import type { RolloutJob, RolloutResult } from '../types.js'
import type { Journal } from './journal.js'
import type { AblationProgress, CompleteOptions } from './options.js'
import type { AblationRecord } from './records.js'
import type { AblationPrompt } from './types.js'

/** The jobs of one kind: one for each prompt, each with records as its outcome. */
export interface Phase {
  name: AblationProgress['phase']
  /** Jobs of the phase that come before these, and all of them; where a phase is run in parts. @default 0 and the number of prompts */
  progress?: { before: number; total: number }
  prompts: readonly AblationPrompt[]
  /** Undefined when the prompt's job is finished. */
  jobFor(prompt: AblationPrompt): RolloutJob | undefined
  /** What is written down of an outcome. */
  toRecords(outcome: RolloutOutcome, job: RolloutJob): AblationRecord[]
}

/** Does the jobs of a phase that are not finished yet; each is in the journal when it is done. */
export async function runPhase(
  journal: Journal,
  { runner, onProgress, signal }: Pick<CompleteOptions, 'runner' | 'onProgress' | 'signal'>,
  phase: Phase,
): Promise<void> {
  const pending = phase.prompts.filter((prompt) => phase.jobFor(prompt) !== undefined)
  const { before, total } = phase.progress ?? { before: 0, total: phase.prompts.length }
  let done = before + phase.prompts.length - pending.length
  onProgress?.({ phase: phase.name, done, total })
  if (pending.length === 0) return
  const underWay = new Map<string, RolloutJob>()
  // Made as the runner asks for them: a thousand jobs need not be in memory at once.
  const jobs = function* () {
    for (const prompt of pending) {
      const job = phase.jobFor(prompt)!
      underWay.set(prompt.promptId, job)
      yield job
    }
  }
  for await (const outcome of runner.outcomes(jobs(), signal)) {
    for (const record of phase.toRecords(outcome, underWay.get(outcome.promptId)!)) await journal.append(record)
    underWay.delete(outcome.promptId)
    done++
    onProgress?.({ phase: phase.name, done, total })
    signal?.throwIfAborted()
  }
}

/** @throws {RolloutError} for a job that was set aside; {ContextOverflowError} which cannot happen after the features of the same prompt were found */
export function resultOf({ promptId, result, overflow, failure }: RolloutOutcome): RolloutResult {
  if (failure !== undefined) throw new RolloutError(promptId, failure.reason)
  if (overflow === undefined) return result
  throw new ContextOverflowError(overflow.promptTokens, overflow.maxNewTokens, overflow.contextLength)
}
