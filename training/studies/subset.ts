import { randomStream } from '../../src/sampling/random.js'
import type { PromptSurface } from '../types.js'

export interface SubsetOptions {
  /** Training prompts to keep. */
  prompts: number
  /** Number of the draw: equal draws of fewer prompts lie within those of more. */
  draw: number
  seed: number
}

/**
 * Random training prompts, in the tasks' shares of all of them, and as large a share of the validation prompts: what a smaller run would
 * have collected. At least one prompt of each task and split that has any. The order stays.
 */
export function drawSubset(
  surfaces: readonly PromptSurface[],
  { prompts, draw, seed }: SubsetOptions,
): PromptSurface[] {
  const total = surfaces.filter(({ split }) => split === 'train').length
  if (prompts >= total) return [...surfaces]
  const kept = new Set<string>()
  for (const split of ['train', 'validation'] as const) {
    const own = surfaces.filter((surface) => surface.split === split)
    const tasks = [...new Set(own.map(({ task }) => task))]
    const counts = tasks.map((task) => own.filter((surface) => surface.task === task).length)
    const quotas = shareOut(Math.round((own.length * prompts) / total), counts)
    for (const [t, task] of tasks.entries()) {
      const order = own
        .filter((surface) => surface.task === task)
        .map(({ promptId }) => ({ promptId, place: randomStream(seed, 'subset', draw, promptId).next() }))
        .sort((a, b) => a.place - b.place)
      for (const { promptId } of order.slice(0, quotas[t])) kept.add(promptId)
    }
  }
  return surfaces.filter(({ promptId }) => kept.has(promptId))
}

/** Whole shares of `total`, proportional to the counts, each at least 1 (largest remainders). */
function shareOut(total: number, counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b, 0)
  const exact = counts.map((count) => (total * count) / sum)
  const shares = exact.map((share) => Math.max(1, Math.floor(share)))
  const left = total - shares.reduce((a, b) => a + b, 0)
  const byRemainder = exact.map((share, i) => ({ i, rest: share - shares[i] })).sort((a, b) => b.rest - a.rest)
  for (const { i } of byRemainder.slice(0, Math.max(0, left))) shares[i]++
  return shares
}
