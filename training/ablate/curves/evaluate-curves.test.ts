import { describe, expect, it } from 'vitest'
import { evaluateCurves } from './evaluate-curves.js'
import type { PlannedCurve } from './plan.js'

const curve = (id: PlannedCurve['id'], parameters: number[]): PlannedCurve => ({
  id,
  label: id,
  parameter: id === 'fixed-temperature' ? 'temperature' : 'balance',
  points: parameters.map((parameter) => ({
    name: `${id} ${parameter}`,
    parameter,
    setting: `${parameter}`,
    rolloutFor: () => ({ strategy: { name: 'greedy' }, truncation: {}, samples: 5 }),
  })),
})
const plans = [
  curve('learned-edt', [0.1, 0.5, 0.9]),
  curve('fixed-edt', [0.1, 0.9]),
  curve('fixed-temperature', [0.5, 2]),
]
const options = { resamples: 400, seed: 1 }
const reference = { bestQuality: 50, worstSelfBleu: 80 }

/** Twenty prompts: every point as given, give or take a prompt's own level that all points share. */
function scores(points: Record<string, [quality: number, selfBleu: number]>) {
  const own = Array.from({ length: 20 }, (_, i) => ((i % 5) - 2) / 50)
  return {
    strata: own.map(() => 'answer'),
    strategies: Object.fromEntries(
      Object.entries(points).map(([name, [quality, selfBleu]]) => [
        name,
        { quality: Float64Array.from(own, (d) => quality + d), selfBleu: Float64Array.from(own, () => selfBleu) },
      ]),
    ),
  }
}

const steady = scores({
  'learned-edt 0.1': [0.4, 0.1],
  'learned-edt 0.5': [0.7, 0.4],
  'learned-edt 0.9': [0.9, 0.8],
  'fixed-edt 0.1': [0.3, 0.1],
  'fixed-edt 0.9': [0.8, 0.8],
  'fixed-temperature 0.5': [0.8, 0.8],
  'fixed-temperature 2': [0.2, 0],
})

describe('evaluateCurves', () => {
  const { curves, areas, monotonicity } = evaluateCurves(plans, steady, reference, options)

  it('gives every point with its interval, and EDA of its own balance', () => {
    expect(curves.map(({ id, points }) => [id, points.length])).toEqual([
      ['learned-edt', 3],
      ['fixed-edt', 2],
      ['fixed-temperature', 2],
    ])
    const [first] = curves[0].points
    expect(first.quality.value).toBeCloseTo(20, 9)
    expect(first.selfBleu.value).toBeCloseTo(8, 9)
    expect(first.edaW!.value).toBeCloseTo(100 * Math.sqrt(0.1 * 0.6 ** 2 + 0.9 * 0.1 ** 2), 9)
    expect(first.edaW!.interval[0]).toBeLessThan(first.edaW!.value)
    expect(curves[2].points[0].edaW).toBeUndefined()
  })

  it('measures the area between the learned curve and each of the others in percent of Q* and D*', () => {
    expect(areas.map(({ against }) => against)).toEqual(['fixed-edt', 'fixed-temperature'])
    const [edt] = areas
    // Learned: 0.4 → 0.7 → 0.9, on average (0.55 · 0.3 + 0.8 · 0.4) / 0.7; fixed: 0.55.
    expect(edt.area.value).toBeCloseTo(100 * ((0.55 * 0.3 + 0.8 * 0.4) / 0.7 - 0.55), 9)
    expect(edt.range[0]).toBeCloseTo(10, 9)
    expect(edt.range[1]).toBeCloseTo(80, 9)
    // The prompts' levels are shared by all points, so that they cancel in every resample.
    expect(edt.area.interval[0]).toBeCloseTo(edt.area.value, 6)
  })

  it('says whether quality and Self-BLEU rise with the balance', () => {
    expect(monotonicity!.quality).toMatchObject({ rises: true, risesWithinIntervals: true })
    expect(monotonicity!.quality.smallestStep.value).toBeCloseTo(20, 9)
    const falling = evaluateCurves(
      plans,
      scores({
        'learned-edt 0.1': [0.4, 0.1],
        'learned-edt 0.5': [0.35, 0.4],
        'learned-edt 0.9': [0.9, 0.4],
        'fixed-edt 0.1': [0.3, 0.1],
        'fixed-edt 0.9': [0.8, 0.8],
        'fixed-temperature 0.5': [0.8, 0.8],
        'fixed-temperature 2': [0.2, 0],
      }),
      reference,
      options,
    ).monotonicity!
    expect(falling.quality).toMatchObject({ rises: false, risesWithinIntervals: false })
    expect(falling.quality.smallestStep.value).toBeCloseTo(-5, 9)
    expect(falling.selfBleu).toMatchObject({ rises: true, smallestStep: { value: 0 } })
  })

  it('has no area and no monotonicity without a learned curve', () => {
    const result = evaluateCurves(plans.slice(1), steady, reference, options)
    expect(result.areas).toEqual([])
    expect(result.monotonicity).toBeUndefined()
  })
})
