import type { RolloutJob, RolloutSpec } from '../types.js'
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

/** All strategies of a prompt in one job: one prefill, and sample i meets the same random numbers under every strategy. */
export function strategiesJob(prompt: AblationPrompt, settings: JobSettings, rollouts: RolloutSpec[]): RolloutJob {
  return job(prompt, settings, { rollouts, streamKeys: [prompt.promptId], wantFeatures: false })
}

/** The oracle's rollouts of a prompt, drawn from streams of their own. */
export function oracleJob(prompt: AblationPrompt, settings: JobSettings, rollouts: RolloutSpec[]): RolloutJob {
  return job(prompt, settings, { rollouts, streamKeys: [prompt.promptId, 'oracle'], wantFeatures: false })
}

function job(
  { promptId, definition, example }: AblationPrompt,
  { seed, selfBleuGroup }: JobSettings,
  rest: Pick<RolloutJob, 'rollouts' | 'streamKeys' | 'wantFeatures'>,
): RolloutJob {
  const { metric, tokenize, maxNewTokens, stop } = definition
  const { prompt, promptWithoutSource, references } = example
  return {
    promptId,
    prompt,
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
