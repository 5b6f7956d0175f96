import { positionOf } from '../../src/tuner/index.js'
import {
  edaDifference,
  type Interval,
  observedScores,
  type PromptScores,
  percentileInterval,
  type ResampledScores,
  resampleScores,
} from '../ablate/bootstrap.js'
import { holm } from '../ablate/holm.js'
import { mean } from '../ablate/mean.js'
import type { Estimate } from '../ablate/types.js'
import { writeCellWeights } from '../fit/interpolation.js'
import type { Cell } from '../types.js'
import type { StudyData } from './data.js'
import type { RowPlan, StudyPlan } from './definition.js'
import type { FitSpec } from './fit-spec.js'
import type { FitPredictions } from './predictions.js'
import type { StudyRow } from './types.js'

export interface JudgeOptions {
  resamples: number
  seed: number
  /** What the fit of a spec says of the test prompts. */
  predictionsOf: (spec: FitSpec) => FitPredictions
}

/**
 * Judges the rows of a study on the test prompts: a prompt's quality and Self-BLEU are read from its own surface at the predicted (T0, θ), by the
 * interpolation of training, and divided by its task's Q* and D*. The samples of the test prompts chose nothing, so their noise favours no row. All
 * rows on the same prompts share the bootstrap's draws; a row of several fits is the mean of their corpus scores, in every draw.
 */
export function judgeRows(data: StudyData, plan: StudyPlan, options: JudgeOptions): StudyRow[] {
  const scopes = [...new Set(plan.rows.map(({ task }) => task))]
  const judged = new Map<RowPlan, StudyRow>()
  for (const task of scopes) {
    const rows = plan.rows.filter((row) => row.task === task)
    for (const [i, row] of judgeScope(data, rows, plan.reference, options).entries()) judged.set(rows[i], row)
  }
  return plan.rows.map((row) => judged.get(row)!)
}

/** Corpus scores of one row, averaged over its fits. */
interface MeanScores {
  observed: { quality: number; selfBleu: number; eda: number }
  resampled: ResampledScores
  edaOfFits: number[]
}

function judgeScope(
  data: StudyData,
  rows: readonly RowPlan[],
  reference: string,
  { resamples, seed, predictionsOf }: JudgeOptions,
): StudyRow[] {
  const task = rows[0].task
  const prompts = data.test.flatMap((surface, i) => (task === undefined || surface.task === task ? [i] : []))
  const strata = prompts.map((i) => data.test[i].task)
  const strategies: Record<string, PromptScores> = {}
  /** Scores of the prompts at their cells; returns the name under which they are resampled. */
  const add = (cellOf: (prompt: number) => Cell): string => {
    const cells = prompts.map(cellOf)
    const id = JSON.stringify(cells)
    strategies[id] ??= scoresAt(data, prompts, cells)
    return id
  }
  const tasks = [...new Set(strata)]
  const fits = rows.map(({ replicates }) =>
    replicates.map((tunerOf) => new Map(tasks.map((name) => [name, predictionsOf(tunerOf(name))]))),
  )
  const own = fits.map((ofRow) =>
    ofRow.map((byTask) => ({
      learned: add((i) => byTask.get(data.test[i].task)!.cells[i]),
      bestFixed: add((i) => byTask.get(data.test[i].task)!.bestFixed),
    })),
  )
  const resampled = resampleScores({ strata, strategies }, { resamples, seed })
  const meanOf = (ids: readonly string[]) =>
    meanScores(ids.map((id) => ({ scores: strategies[id], resampled: resampled[id] })))
  const learned = own.map((ofRow) => meanOf(ofRow.map((fit) => fit.learned)))
  const bestFixed = own.map((ofRow) => meanOf(ofRow.map((fit) => fit.bestFixed)))
  const against = rows.findIndex(({ label }) => label === reference)
  const differences = learned.map((scores) => difference(scores, learned[against]))
  const corrected = holm(differences.flatMap(({ p }, i) => (i === against ? [] : [p])))
  const unit = task === undefined ? { bestQuality: 100, worstSelfBleu: 100 } : data.references[task]
  return rows.map(({ label, x, note }, i) => ({
    label,
    ...(x === undefined ? {} : { x }),
    ...(task === undefined ? {} : { task }),
    prompts: prompts.length,
    trainPrompts: Math.round(mean(fits[i].flatMap((byTask) => [...byTask.values()].map((fit) => fit.trainPrompts)))),
    eda: estimate(learned[i], 'eda', 1),
    quality: estimate(learned[i], 'quality', unit.bestQuality),
    selfBleu: estimate(learned[i], 'selfBleu', unit.worstSelfBleu),
    edaOfFits: learned[i].edaOfFits,
    ...(i === against ? {} : { versusReference: { ...differences[i], pHolm: corrected[i < against ? i : i - 1] } }),
    bestFixed: estimate(bestFixed[i], 'eda', 1),
    bestFixedCells: distinct(fits[i].flatMap((byTask) => [...byTask.values()].map((fit) => fit.bestFixed))),
    versusBestFixed: difference(learned[i], bestFixed[i]),
    ...(note === undefined ? {} : { note }),
  }))
}

function distinct(cells: readonly Cell[]): Cell[] {
  return [...new Map(cells.map((cell) => [`${cell.t0} ${cell.theta}`, cell])).values()]
}

/** Q / Q* and D / D* of prompts, read from their surfaces at one cell each. */
function scoresAt(data: StudyData, prompts: readonly number[], cells: readonly Cell[]): PromptScores {
  const { grid } = data.learning
  const weights = new Float64Array(grid.t0.length * grid.theta.length)
  const quality = new Float64Array(prompts.length)
  const selfBleu = new Float64Array(prompts.length)
  for (const [row, prompt] of prompts.entries()) {
    const surface = data.test[prompt]
    const { bestQuality, worstSelfBleu } = data.references[surface.task]
    writeCellWeights(grid, positionOf(grid, cells[row]), weights)
    for (const [cell, weight] of weights.entries()) {
      quality[row] += (weight * surface.quality[cell]) / bestQuality
      selfBleu[row] += (weight * surface.selfBleu[cell]) / worstSelfBleu
    }
  }
  return { quality, selfBleu }
}

function meanScores(fits: readonly { scores: PromptScores; resampled: ResampledScores }[]): MeanScores {
  const observed = fits.map(({ scores }) => observedScores(scores))
  const over = (of: keyof ResampledScores) =>
    fits[0].resampled[of].map((_, draw) => mean(fits.map(({ resampled }) => resampled[of][draw])))
  return {
    observed: {
      quality: mean(observed.map(({ quality }) => quality)),
      selfBleu: mean(observed.map(({ selfBleu }) => selfBleu)),
      eda: mean(observed.map(({ eda }) => eda)),
    },
    resampled: { quality: over('quality'), selfBleu: over('selfBleu'), eda: over('eda') },
    edaOfFits: observed.map(({ eda }) => eda),
  }
}

function difference(row: MeanScores, other: MeanScores) {
  return edaDifference(
    { strategy: row.observed.eda, baseline: other.observed.eda },
    { strategy: row.resampled.eda, baseline: other.resampled.eda },
  )
}

function estimate({ observed, resampled }: MeanScores, of: keyof ResampledScores, unit: number): Estimate {
  const interval = percentileInterval(resampled[of]).map((end) => end * unit) as Interval
  return { value: observed[of] * unit, interval }
}
