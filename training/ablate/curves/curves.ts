import type { FeatureVector } from '../../../src/features/types.js'
import type { Journal } from '../journal.js'
import type { CompleteOptions } from '../options.js'
import { samplePrompts } from '../prompts.js'
import { type DrawnRollouts, rollOut } from '../roll-out.js'
import { PERCENT } from '../scope.js'
import type { AblationPrompt, AblationResult } from '../types.js'
import { evaluateCurves } from './evaluate-curves.js'
import { planCurves } from './plan.js'

/**
 * Samples every point of every curve on some of the test prompts, and works out the curves of each task and of all together.
 * @param prompts those that fit into the context
 * @returns undefined when no prompts were asked for
 */
export async function drawCurves(
  journal: Journal,
  prompts: readonly AblationPrompt[],
  features: ReadonlyMap<string, FeatureVector>,
  options: CompleteOptions,
): Promise<NonNullable<AblationResult['curves']> | undefined> {
  const { curvePrompts, tuner, resamples, seed } = options
  if (curvePrompts === 0) return undefined
  const chosen = samplePrompts(prompts, curvePrompts)
  const curves = planCurves(features, options)
  const points = curves.flatMap((curve) => curve.points)
  const drawn = await rollOut(
    journal,
    {
      purpose: 'curves',
      prompts: chosen,
      rolloutsFor: (prompt) => Object.fromEntries(points.map(({ name, rolloutFor }) => [name, rolloutFor(prompt)])),
      keep: 'means',
    },
    options,
  )
  const scores = await scoresOf(drawn, chosen)
  const scope = (task?: string) => {
    const own = chosen.filter(({ definition }) => task === undefined || definition.name === task)
    const column = (name: string, of: 'quality' | 'selfBleu', star: 'bestQuality' | 'worstSelfBleu') =>
      Float64Array.from(
        own,
        ({ promptId, definition }) => scores.get(promptId)!.get(name)![of] / tuner.references[definition.name][star],
      )
    const paired = {
      strata: own.map(({ definition }) => definition.name),
      strategies: Object.fromEntries(
        points.map(({ name }) => [
          name,
          { quality: column(name, 'quality', 'bestQuality'), selfBleu: column(name, 'selfBleu', 'worstSelfBleu') },
        ]),
      ),
    }
    const reference = task === undefined ? PERCENT : tuner.references[task]
    return evaluateCurves(curves, paired, reference, { resamples, seed })
  }
  const tasks = new Set(chosen.map(({ definition }) => definition.name))
  return { overall: scope(), tasks: Object.fromEntries([...tasks].map((task) => [task, scope(task)])) }
}

/** Quality and Self-BLEU of each point, by prompt and name. */
async function scoresOf(drawn: DrawnRollouts, prompts: readonly AblationPrompt[]) {
  const scores = new Map(
    prompts.map(({ promptId }) => [promptId, new Map<string, { quality: number; selfBleu: number }>()]),
  )
  for await (const { prompt, rollouts } of drawn()) {
    for (const [name, rollout] of Object.entries(rollouts)) scores.get(prompt)!.set(name, rollout)
  }
  return scores
}
