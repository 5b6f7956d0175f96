import type { FeatureVector } from '../../../src/features/types.js'
import { bestFixedCell } from '../../surfaces/index.js'
import type { RolloutSpec } from '../../types.js'
import type { CompleteOptions } from '../options.js'
import type { Sampling } from '../strategies/index.js'
import type { AblationPrompt, AblationTuner, Curve } from '../types.js'

/** Balances at which curves have a point. */
const BALANCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
/** Temperatures of the curve of fixed temperature, equally far apart over the range of the grid. */
const TEMPERATURES = 15

/** A point of a curve before it is sampled. */
export interface PlannedPoint {
  /** Name of its rollouts in the journal. */
  name: string
  parameter: number
  setting: string
  rolloutFor(prompt: AblationPrompt): RolloutSpec
}

export interface PlannedCurve extends Pick<Curve, 'id' | 'label' | 'parameter'> {
  points: PlannedPoint[]
}

/** What a curve is made of, before it is known how many samples a point has. */
interface Draft extends Omit<PlannedCurve, 'points'> {
  points: (Pick<PlannedPoint, 'parameter' | 'setting'> & { samplingFor(prompt: AblationPrompt): Sampling })[]
}

/**
 * The curves to sample: learned EDT over the balance, fixed EDT over the balance (for each one the cell that is best for it on the training
 * prompts, the same for all tasks), and fixed temperature over its whole range. A tuner of a single balance has no learned curve.
 */
export function planCurves(
  features: ReadonlyMap<string, FeatureVector>,
  { tuner, truncation, samples }: Pick<CompleteOptions, 'tuner' | 'truncation' | 'samples'>,
): PlannedCurve[] {
  const fixedEdt: Draft = {
    id: 'fixed-edt',
    label: 'fixed EDT',
    parameter: 'balance',
    points: BALANCES.map((balance) => {
      const { t0, theta } = bestCellFor(balance, tuner)
      const strategy = { name: 'edt', t0, theta } as const
      return { parameter: balance, setting: `T0 ${t0}, θ ${theta}`, samplingFor: () => ({ strategy, truncation }) }
    }),
  }
  const fixedTemperature: Draft = {
    id: 'fixed-temperature',
    label: 'fixed temperature',
    parameter: 'temperature',
    points: temperatures(tuner).map((temperature) => {
      const strategy = { name: 'fixed', temperature } as const
      return { parameter: temperature, setting: `T ${temperature}`, samplingFor: () => ({ strategy, truncation }) }
    }),
  }
  const [least, most] = tuner.balanceRange
  const learned: Draft = {
    id: 'learned-edt',
    label: 'learned EDT',
    parameter: 'balance',
    points: BALANCES.filter((balance) => balance >= least && balance <= most).map((balance) => ({
      parameter: balance,
      setting: `balance ${balance}`,
      samplingFor: ({ promptId }) => {
        const { t0, theta } = tuner.predict(features.get(promptId)!, { balance })
        return { strategy: { name: 'edt', t0, theta }, truncation }
      },
    })),
  }
  const drafts = learned.points.length > 1 ? [learned, fixedEdt, fixedTemperature] : [fixedEdt, fixedTemperature]
  return drafts.map(({ points, ...curve }) => ({
    ...curve,
    points: points.map(({ parameter, setting, samplingFor }) => ({
      name: `${curve.id} ${parameter}`,
      parameter,
      setting,
      rolloutFor: (prompt) => ({ ...samplingFor(prompt), samples }),
    })),
  }))
}

function bestCellFor(balance: number, { grid, meanSurfaces, references }: AblationTuner) {
  const surfaces = Object.fromEntries(
    Object.entries(meanSurfaces).map(([task, surface]) => [task, { source: 'training' as const, ...surface }]),
  )
  return bestFixedCell(grid, surfaces, references, [balance, 1 - balance])
}

function temperatures({ grid }: AblationTuner): number[] {
  const [least, most] = [grid.t0[0], grid.t0[grid.t0.length - 1]]
  const all = Array.from({ length: TEMPERATURES }, (_, i) => least + ((most - least) * i) / (TEMPERATURES - 1))
  return [...new Set(all.map((temperature) => Number(temperature.toFixed(2))))]
}
