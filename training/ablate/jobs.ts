import type { RolloutJob, RolloutSpec } from '../types.js'
import type { Purpose } from './records.js'
import type { AblationPrompt } from './types.js'

/** What all jobs of an ablation share. */
export interface JobSettings {
  seed: number
  selfBleuGroup: number
}

/** Features of a prompt and nothing else. */
export function featureJob(prompt: AblationPrompt, settings: JobSettings): RolloutJob {
  return job(prompt, settings, { rollouts: [], streamKeys: [prompt.promptId], wantFeatures: true })
}

/**
 * A job for rollouts of a prompt, which are still to be put into it: one prefill, and sample i meets the same random numbers in all of them. What
 * strategies are tuned on has streams of its own, and so has the oracle.
 */
export function rolloutJob(prompt: AblationPrompt, settings: JobSettings, purpose: Purpose): RolloutJob {
  const ofItsOwn = purpose === 'tuning' || purpose === 'oracle'
  const streamKeys = ofItsOwn ? [prompt.promptId, purpose] : [prompt.promptId]
  return job(prompt, settings, { rollouts: [], streamKeys, wantFeatures: false })
}

/** One rollout of a prompt, to measure what it takes. */
export function timingJob(prompt: AblationPrompt, settings: JobSettings, rollout: RolloutSpec): RolloutJob {
  const streamKeys = [prompt.promptId]
  return { ...job(prompt, settings, { rollouts: [rollout], streamKeys, wantFeatures: false }), measure: true }
}

function job(
  { promptId, definition, example }: AblationPrompt,
  { seed, selfBleuGroup }: JobSettings,
  rest: Pick<RolloutJob, 'rollouts' | 'streamKeys' | 'wantFeatures'>,
): RolloutJob {
  const { metric, tokenize, maxNewTokens, stop, chat } = definition
  const { prompt, promptWithoutSource, references } = example
  return {
    promptId,
    prompt,
    // Left out where there is none, so that digests of plain prompts are what they were before chats were known.
    ...(chat ? { chat } : {}),
    promptWithoutSource,
    references,
    metric,
    tokenize,
    maxNewTokens,
    stop,
    seed,
    selfBleuGroup,
    ...rest,
  }
}
