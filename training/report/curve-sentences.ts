import type { CurveArea, Monotonicity, ScopeCurves } from '../ablate/types.js'
import { decimal, pEquals, signed } from './numbers.js'

/** What the curves show, in words that say no more than the intervals allow. */
export function curveSentences({ curves, areas, monotonicity }: ScopeCurves): string[] {
  const nameOf = (id: CurveArea['against']) => curves.find((curve) => curve.id === id)!.label
  return [
    ...areas.map((area) => areaSentence(area, nameOf(area.against))),
    ...(monotonicity === undefined
      ? []
      : [`${risesSentence('Quality', monotonicity.quality)} ${risesSentence('Self-BLEU', monotonicity.selfBleu)}`]),
  ]
}

function areaSentence({ area, p, range }: CurveArea, name: string): string {
  const { value, interval } = area
  const [from, to] = interval.map((end) => signed(end, 2))
  const side = value >= 0 ? 'above' : 'below'
  const open =
    interval[0] <= 0 && interval[1] >= 0
      ? ' The interval contains zero, so these prompts do not show a difference between the two.'
      : ''
  return `At equal Self-BLEU (from ${decimal(range[0], 0)} to ${decimal(range[1], 0)} % of D*) the learned curve lies ${decimal(Math.abs(value), 2)} % of Q* ${side} the curve of ${name} on average (95 % interval ${from} to ${to}, ${pEquals(p)}).${open}`
}

function risesSentence(measure: string, { rises, risesWithinIntervals, smallestStep }: Monotonicity): string {
  const { value, interval } = smallestStep
  const step = `${signed(value, 2)} [${signed(interval[0], 2)}, ${signed(interval[1], 2)}]`
  if (rises) return `${measure} rises with every step of the balance (smallest step ${step}).`
  if (risesWithinIntervals)
    return `${measure} rises with the balance within the intervals (one step falls, by no more than chance: ${step}).`
  return `${measure} does not rise with every step of the balance: one falls by ${step}.`
}
