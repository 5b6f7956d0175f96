import { normalizedEda } from '../../surfaces/index.js'
import { type PairedScores, percentileInterval, type ResampledScores, resampleScores, twoSidedP } from '../bootstrap.js'
import { mean } from '../mean.js'
import type { CurveArea, Estimate, Monotonicity, ScopeCurves, TaskReference } from '../types.js'
import { areaBetween } from './area.js'
import type { PlannedCurve } from './plan.js'

/** One point's corpus scores, as they are and in every resample; normalised by Q* and D*. */
interface PointScores {
  quality: number
  selfBleu: number
  resampled: ResampledScores
}

/**
 * @param scores normalised by each prompt's task; the strategies are the points of the curves, by name
 * @param reference what quality and Self-BLEU are multiplied with again: Q* and D* in a task, 100 and 100 over all tasks
 */
export function evaluateCurves(
  curves: readonly PlannedCurve[],
  scores: PairedScores,
  reference: TaskReference,
  options: { resamples: number; seed: number },
): ScopeCurves {
  const resampled = resampleScores(scores, options)
  const pointsOf = ({ points }: PlannedCurve): PointScores[] =>
    points.map(({ name }) => ({
      quality: mean(scores.strategies[name].quality),
      selfBleu: mean(scores.strategies[name].selfBleu),
      resampled: resampled[name],
    }))
  const sampled = new Map(curves.map((curve) => [curve.id, pointsOf(curve)]))
  const learned = sampled.get('learned-edt')
  const { bestQuality, worstSelfBleu } = reference
  return {
    prompts: scores.strata.length,
    curves: curves.map((curve) => ({
      id: curve.id,
      label: curve.label,
      parameter: curve.parameter,
      points: curve.points.map(({ parameter, setting }, i) => {
        const { quality, selfBleu, resampled } = sampled.get(curve.id)![i]
        const edaW = (q: number, d: number) => normalizedEda(q, d, [parameter, 1 - parameter])
        return {
          parameter,
          setting,
          quality: estimate(quality, resampled.quality, bestQuality),
          selfBleu: estimate(selfBleu, resampled.selfBleu, worstSelfBleu),
          ...(curve.parameter === 'balance'
            ? {
                edaW: estimate(
                  edaW(quality, selfBleu),
                  resampled.quality.map((q, r) => edaW(q, resampled.selfBleu[r])),
                ),
              }
            : {}),
        }
      }),
    })),
    areas:
      learned === undefined
        ? []
        : curves.flatMap(({ id }) => (id === 'learned-edt' ? [] : areaAgainst(id, learned, sampled.get(id)!))),
    ...(learned === undefined
      ? {}
      : { monotonicity: { quality: rising(learned, 'quality'), selfBleu: rising(learned, 'selfBleu') } }),
  }
}

/** Nothing when the two curves have no Self-BLEU in common. */
function areaAgainst(
  against: CurveArea['against'],
  learned: readonly PointScores[],
  other: readonly PointScores[],
): CurveArea[] {
  const { meanGap, range } = areaBetween(columns(learned), columns(other))
  if (!(range[0] < range[1])) return []
  const gaps = Float64Array.from(
    learned[0].resampled.quality,
    (_, r) => areaBetween(columns(learned, r), columns(other, r)).meanGap,
  )
  return [
    {
      against,
      area: estimate(meanGap, gaps, 100),
      p: twoSidedP(gaps),
      range: [100 * range[0], 100 * range[1]],
    },
  ]
}

/** Points as a curve on the plane; of one resample, or as they are. */
function columns(points: readonly PointScores[], resample?: number) {
  return {
    quality: points.map((point) => (resample === undefined ? point.quality : point.resampled.quality[resample])),
    selfBleu: points.map((point) => (resample === undefined ? point.selfBleu : point.resampled.selfBleu[resample])),
  }
}

function rising(points: readonly PointScores[], of: 'quality' | 'selfBleu'): Monotonicity {
  const steps = points.slice(1).map((point, i): Estimate => {
    const before = points[i]
    return estimate(
      point[of] - before[of],
      point.resampled[of].map((value, r) => value - before.resampled[of][r]),
      100,
    )
  })
  return {
    rises: steps.every(({ value }) => value >= 0),
    risesWithinIntervals: steps.every(({ interval }) => interval[1] >= 0),
    smallestStep: steps.reduce((least, step) => (step.value < least.value ? step : least)),
  }
}

function estimate(value: number, values: Float64Array, scale = 1): Estimate {
  const [from, to] = percentileInterval(values)
  return { value: value * scale, interval: [from * scale, to * scale] }
}
