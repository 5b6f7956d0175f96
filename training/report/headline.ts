import type { AblationResult } from '../ablate/types.js'
import { count, decimal, pEquals, percent, pValue, shareInterval, signed } from './numbers.js'
import { BASELINE, LEARNED, scopesOf, strategyOf } from './scopes.js'

/** What came out, in a few sentences that say no more than the intervals allow. */
export function headline(result: AblationResult): string[] {
  const [{ name, result: scope }] = scopesOf(result)
  const learned = strategyOf(scope, LEARNED)
  const { difference, interval, p, pHolm } = learned.versus[BASELINE]
  const tasks = Object.keys(result.tasks).length
  const where = tasks === 1 ? `of ${name}` : `of ${tasks} tasks`
  const [from, to] = interval.map((end) => signed(end))
  const evidence = `95 % interval ${from} to ${to}, ${pEquals(p)}${
    // The correction is worth words only where it takes something away.
    p < 0.05 && pHolm >= 0.05
      ? `; ${pValue(pHolm)} with Holm's correction for ${scope.strategies.length - 1} comparisons`
      : ''
  }`
  const gap = `${decimal(Math.abs(difference))} points ${difference <= 0 ? 'below' : 'above'} the best fixed EDT`
  const sentences = [
    `On ${count(scope.prompts, 'held-out prompt')} ${where}, learned EDT has a corpus EDA of ${decimal(learned.eda.value)} (lower is better), ${gap} (${evidence}).`,
  ]
  if (scope.prompts < 20)
    sentences.push('So few prompts make for rough intervals: run it on more before you rely on it.')
  if (interval[0] <= 0 && interval[1] >= 0) {
    sentences.push('These prompts do not show a difference between the two: the interval contains zero.')
  }
  const { headroom } = scope
  if (headroom !== undefined) sentences.push(...headroomSentences(headroom))
  return sentences
}

function headroomSentences({
  share,
  interval,
  prompts,
  headroom,
  caution,
}: NonNullable<AblationResult['overall']['headroom']>): string[] {
  const gets =
    share === null
      ? []
      : [
          `On the oracle's ${count(prompts, 'prompt')}, settings chosen for each prompt could gain ${decimal(headroom)} points over the best fixed EDT; learned EDT gets ${share > 0 ? percent(share) : 'none'} of that (${share > 0 ? '' : `share ${percent(share)}, `}95 % interval: ${shareInterval(interval)}).`,
        ]
  return caution === undefined ? gets : [...gets, caution]
}
