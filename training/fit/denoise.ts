import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { PromptSurface, SurfaceSet } from '../types.js'

/** Enough that a prompt is predicted from most of the others. */
const FOLDS = 5

export interface DenoiseOptions {
  /** Components of the predicted surfaces that are kept. @default 5 */
  rank?: number
  /** How much of a prompt's own, noisy deviation from its prediction stays, 0 … 1. @default 0 */
  ownShare?: number
  /** Ridge penalties to choose from, in multiples of the mean squared length of a prompt's features. @default [4] */
  penalties?: readonly number[]
}

/** Found on the embedded tasks; docs/decisions.md has the figures. */
export const DENOISE_DEFAULTS: Required<DenoiseOptions> = { rank: 5, ownShare: 0, penalties: [4] }

export interface DenoisedSurfaces {
  /** In the order given; quality and Self-BLEU may leave 0–100 by a little. */
  surfaces: PromptSurface[]
  /** The penalty that predicted surfaces of left-out prompts best. */
  penalty: number
  /** Share of the variance between prompts of a task that is predicted for left-out prompts, ≤ 1. */
  explained: number
}

/**
 * Takes the sampling noise out of surfaces by borrowing from prompts with like features.
 *
 * A surface from five samples a cell is mostly noise, and a network trained on it learns the noise long before it learns the little that
 * features tell. So each prompt's surface (quality and Self-BLEU of all cells at once) is predicted from the *other* prompts:
 * ridge regression on the features, with the task's mean surface as intercept. A prompt is predicted by a regression on the folds that it is
 * not in; predictions are then cut to their leading components (reduced-rank regression, Izenman 1975). Tasks are put on one scale first.
 *
 * @param features normalised, one row a prompt, in the order of `set.surfaces`
 */
export function denoiseSurfaces(
  set: SurfaceSet,
  features: readonly Float32Array[],
  options: DenoiseOptions = {},
): DenoisedSurfaces {
  const { surfaces } = set
  const { rank, ownShare, penalties } = { ...DENOISE_DEFAULTS, ...options }
  const tasks = taskMeans(surfaces)
  const deviations = surfaces.map((surface) => {
    const { mean, scale } = tasks.get(surface.task)!
    return valuesOf(surface).map((value, c) => (value - mean[c]) / scale[c])
  })
  const y = new Matrix(deviations)
  const x = new Matrix(features.map((row) => [...row]))
  const level = sumOfSquares(x) / surfaces.length
  const folds = foldsOf(surfaces)
  const sums = foldSums(x, y, folds)
  // The penalty is chosen on the first fold alone: a regression is the slow part, and the choice is not delicate.
  const penalty = penalties.reduce((best, candidate) =>
    errorOf(y, predictFold(sums[0], candidate * level), folds[0]) <
    errorOf(y, predictFold(sums[0], best * level), folds[0])
      ? candidate
      : best,
  )
  const predicted = Matrix.zeros(y.rows, y.columns)
  let error = 0
  for (const [f, fold] of folds.entries()) {
    const rows = predictFold(sums[f], penalty * level)
    error += errorOf(y, rows, fold)
    fold.forEach((i, r) => {
      predicted.setRow(i, rows.getRow(r))
    })
  }
  const smooth = leadingComponents(predicted, rank)
  const cells = surfaces[0].quality.length
  const denoised = surfaces.map((surface, i): PromptSurface => {
    const { mean, scale } = tasks.get(surface.task)!
    const values = Float32Array.from(mean, (value, c) => {
      const predicted = smooth.get(i, c)
      return value + scale[c] * (predicted + ownShare * (deviations[i][c] - predicted))
    })
    return { ...surface, quality: values.slice(0, cells), selfBleu: values.slice(cells) }
  })
  return { surfaces: denoised, penalty, explained: 1 - error / sumOfSquares(y) }
}

const valuesOf = ({ quality, selfBleu }: PromptSurface): number[] => [...quality, ...selfBleu]

/** Mean surface of each task, and one scale for its quality and one for its Self-BLEU: their highest means. */
function taskMeans(surfaces: readonly PromptSurface[]): Map<string, { mean: number[]; scale: number[] }> {
  const groups = new Map<string, PromptSurface[]>()
  for (const surface of surfaces) groups.set(surface.task, [...(groups.get(surface.task) ?? []), surface])
  return new Map(
    [...groups].map(([task, members]) => {
      const mean = valuesOf(members[0]).map(() => 0)
      for (const member of members) {
        valuesOf(member).forEach((value, c) => {
          mean[c] += value / members.length
        })
      }
      const cells = mean.length / 2
      const top = [Math.max(...mean.slice(0, cells)) || 1, Math.max(...mean.slice(cells)) || 1]
      return [task, { mean, scale: mean.map((_, c) => top[c < cells ? 0 : 1]) }]
    }),
  )
}

/** Every prompt in one fold; each task is spread evenly over the folds. */
function foldsOf(surfaces: readonly PromptSurface[]): number[][] {
  const folds = Array.from({ length: Math.min(FOLDS, surfaces.length) }, (): number[] => [])
  const order = surfaces
    .map((_, i) => i)
    .sort((a, b) => (surfaces[a].task < surfaces[b].task ? -1 : surfaces[a].task > surfaces[b].task ? 1 : a - b))
  order.forEach((prompt, place) => {
    folds[place % folds.length].push(prompt)
  })
  return folds
}

/** The other folds' part of a ridge regression, and the fold's own rows, `[fold, features]`. */
interface FoldSums {
  rows: Matrix
  /** `[features, features]` */
  gram: Matrix
  /** `[features, columns]` */
  moments: Matrix
}

/**
 * Sums over prompts are all that a ridge regression needs of them: its memory does not grow with their number. It is the regression with the
 * kernel ⟨x, x'⟩, solved for one weight a feature instead of one a prompt.
 */
function foldSums(x: Matrix, y: Matrix, folds: readonly (readonly number[])[]): FoldSums[] {
  const own = folds.map((fold) => {
    const rows = x.selection([...fold], range(x.columns))
    const transposed = rows.transpose()
    return { rows, gram: transposed.mmul(rows), moments: transposed.mmul(y.selection([...fold], range(y.columns))) }
  })
  const sum = (parts: readonly Matrix[]) => parts.slice(1).reduce((all, part) => all.add(part), parts[0].clone())
  const gram = sum(own.map((fold) => fold.gram))
  const moments = sum(own.map((fold) => fold.moments))
  return own.map((fold) => ({
    rows: fold.rows,
    gram: Matrix.sub(gram, fold.gram),
    moments: Matrix.sub(moments, fold.moments),
  }))
}

/** Ridge regression on all other prompts, `[fold, columns]`. */
function predictFold({ rows, gram, moments }: FoldSums, penalty: number): Matrix {
  const regular = gram.clone()
  for (let i = 0; i < regular.rows; i++) regular.set(i, i, regular.get(i, i) + penalty)
  return rows.mmul(new CholeskyDecomposition(regular).solve(moments))
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i)

function errorOf(y: Matrix, predicted: Matrix, fold: readonly number[]): number {
  let error = 0
  fold.forEach((i, r) => {
    for (let c = 0; c < y.columns; c++) error += (y.get(i, c) - predicted.get(r, c)) ** 2
  })
  return error
}

/** Projects rows on the `rank` directions in which they vary most. */
function leadingComponents(rows: Matrix, rank: number): Matrix {
  const columns = rows.columns
  if (rank >= columns) return rows
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(rows.transpose().mmul(rows), {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a])
  const basis = eigenvectorMatrix.subMatrixColumn(order.slice(0, rank))
  return rows.mmul(basis).mmul(basis.transpose())
}

function sumOfSquares(matrix: Matrix): number {
  let sum = 0
  for (const value of matrix.to1DArray()) sum += value * value
  return sum
}
