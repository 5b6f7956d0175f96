import type { LayersModel, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs'
import type { TensorFlow } from '../../src/tuner/backend.js'
import { type Baseline, balanceInput, defaultBalance } from '../../src/tuner/balance.js'
import { type BalancedCell, positionOf } from '../../src/tuner/index.js'
import { buildNetwork, clipToGrid } from '../../src/tuner/network.js'
import type { TaskReference } from '../surfaces/types.js'
import type { Grid, GridPosition, PromptSurface } from '../types.js'
import { copiesOf, type Deal, dealer } from './balances.js'
import { averageNetwork } from './ensemble.js'
import { applyToFixed, type FixedInput } from './fixed-input.js'
import { corpusEdaAt, corpusEdaLoss, type DealtRows, surfaceTensors } from './objective.js'
import type { BalanceScore, FitProgress, FitResult, TunedAxes } from './types.js'

/** Prompts with their normalised features. */
export interface Examples {
  surfaces: readonly PromptSurface[]
  features: readonly Float32Array[]
}

export interface TrainMembersOptions {
  grid: Grid
  references: Readonly<Record<string, TaskReference>>
  /** Where every prompt starts, by balance. */
  baseline: Baseline
  range: readonly [number, number]
  /** The best fixed cells at the balances that training is stopped by. */
  fixed: readonly BalancedCell[]
  axes: TunedAxes
  hidden: readonly number[]
  members: number
  epochs: number
  patience: number
  learningRate: number
  weightDecay: number
  seed: number
  signal?: AbortSignal
  onProgress?: (progress: FitProgress) => void
}

/** The average of the trained members, as one network that the caller disposes of, and how it came about. */
export type TrainedMembers = Pick<FitResult, 'network' | 'epoch' | 'history'> & {
  scores: BalanceScore[]
  /** False when no epoch, not even the baseline itself, was as good as the best fixed cells: the network is zero and these are to be its baseline. */
  keepsBaseline: boolean
}

const VALIDATE_EVERY = 5

/**
 * Trains several networks from different random weights by gradient descent through the surfaces, and keeps the epoch whose average does best on
 * the validation prompts: the one with the least sum of the EDA at the default balance and the mean EDA_w over all validated balances,
 * among those where neither is above that of the best fixed cells.
 *
 * @param learning surfaces to follow, denoised or not
 * @param observed the training prompts' surfaces as they are, for the history
 * @throws the signal's reason when aborted; no tensor is left behind
 */
export async function trainMembers(
  tf: TensorFlow,
  learning: Examples,
  observed: readonly PromptSurface[],
  validation: Examples,
  options: TrainMembersOptions,
): Promise<TrainedMembers> {
  const { grid, references, baseline, range, members, hidden, signal } = options
  const { epochs, patience, learningRate, weightDecay, seed, onProgress } = options
  const conditioned = range[0] < range[1]
  const main = defaultBalance({ range })
  const inputs = learning.features[0].length + (conditioned ? 1 : 0)
  const networks = Array.from({ length: members }, (_, member) =>
    buildNetwork(tf, { inputs, hidden, seed: seed * 100 + member }),
  )
  const optimizers = networks.map(() => tf.train.adam(learningRate))
  const copies = copiesOf(learning.features.length, range)
  const repeated = <T>(rows: readonly T[]) => Array.from({ length: copies }, () => rows).flat()
  const surfaces = surfaceTensors(tf, repeated(learning.surfaces), references)
  const rows = matrix(tf, repeated(learning.features))
  const trainFeatures: FixedInput = { rows, transposed: tf.transpose(rows) as Tensor2D }
  const [seenFeatures, validationFeatures] = [matrix(tf, learning.features), matrix(tf, validation.features)]
  const deal = dealer(learning.features.length, copies, range, seed)
  const free = axesMask(tf, options.axes)
  const lengths = [grid.t0.length, grid.theta.length] as const

  /** One step of every member on one dealing of the prompts. */
  const step = () => {
    const { groups, balances } = deal()
    const ofRows = Array.from(groups, (group) => balances[group])
    const input = conditioned ? withBalances(tf, trainFeatures, ofRows) : trainFeatures
    const start = tf.tensor2d(
      ofRows.flatMap((balance) => Object.values(baseline(balance))),
      [ofRows.length, 2],
    )
    const dealt = dealtRows(tf, { groups, balances })
    networks.forEach((network, i) => {
      const variables = network.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val)
      optimizers[i].minimize(
        () => {
          const steps = tf.mul(applyToFixed(tf, network, input), free)
          const positions = clipToGrid(tf, tf.add(start, steps) as Tensor2D, lengths)
          const loss = corpusEdaLoss(tf, positions, surfaces, grid, dealt)
          const kernels = variables.filter((variable) => variable.rank === 2)
          return tf.add(loss, tf.mul(weightDecay, tf.addN(kernels.map((kernel) => tf.sum(tf.square(kernel))))))
        },
        false,
        variables,
      )
    })
    tf.dispose([start, dealt.share, dealt.balance, ...(conditioned ? [input.rows, input.transposed] : [])])
  }
  const edaOf = (of: readonly PromptSurface[], features: Tensor2D, balance: number) =>
    tf.tidy(() => {
      const input = conditioned ? withBalance(tf, features, new Array(of.length).fill(balance)) : features
      const steps = tf.div(tf.addN(networks.map((network) => network.predict(input) as Tensor2D)), members)
      const places = placesFrom(baseline(balance), steps.dataSync<'float32'>())
      return corpusEdaAt(of, places, grid, references, balance)
    })
  const validate = (): Score => {
    return scoreOf(options.fixed.map(({ balance }) => edaOf(validation.surfaces, validationFeatures, balance)))
  }
  const scoreOf = (edas: number[]): Score => ({
    edas,
    main: edas[options.fixed.findIndex(({ balance }) => balance === main)],
    mean: edas.reduce((sum, eda) => sum + eda, 0) / edas.length,
  })
  const fixed = scoreOf(
    options.fixed.map((cell) => {
      const places = validation.surfaces.map(() => positionOf(grid, cell))
      return corpusEdaAt(validation.surfaces, places, grid, references, cell.balance)
    }),
  )

  let kept: { epoch: number; score: Score; weights: Tensor[][] } | undefined
  try {
    const allowed = (score: Score) => score.main <= fixed.main && score.mean <= fixed.mean
    const start = validate()
    kept = { epoch: 0, score: start, weights: networks.map(copyWeights) }
    const history: FitResult['history'] = []
    const note = (epoch: number, score: Score, best: Score) => {
      const train = edaOf(observed, seenFeatures, main)
      history.push({ epoch, train, validation: score.main, validationMean: score.mean })
      onProgress?.({ epoch, epochs, validation: score.main, bestValidation: best.main })
    }
    note(0, start, start)
    for (let epoch = 1; epoch <= epochs && epoch - kept.epoch <= patience; epoch++) {
      signal?.throwIfAborted()
      step()
      if (epoch % VALIDATE_EVERY !== 0) continue
      const score = validate()
      const better = score.main + score.mean < kept.score.main + kept.score.mean
      if (allowed(score) && (better || !allowed(kept.score))) {
        tf.dispose(kept.weights)
        kept = { epoch, score, weights: networks.map(copyWeights) }
      }
      note(epoch, score, kept.score)
      // Training is synchronous; progress, Ctrl-C and other work need a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { epoch, score, weights } = kept
    networks.forEach((network, i) => {
      network.setWeights(weights[i])
    })
    const keepsBaseline = allowed(score)
    const { edas } = keepsBaseline ? score : fixed
    const scores = options.fixed.map((cell, i) => ({ ...cell, bestFixed: fixed.edas[i], learned: edas[i] }))
    return { network: averageNetwork(tf, networks, { inputs, hidden }), epoch, history, scores, keepsBaseline }
  } finally {
    tf.dispose([
      surfaces.quality,
      surfaces.selfBleu,
      rows,
      trainFeatures.transposed,
      seenFeatures,
      validationFeatures,
      free,
    ])
    tf.dispose(kept?.weights)
    for (const each of networks) each.dispose()
    for (const each of optimizers) each.dispose()
  }
}

/** EDA_w on the validation prompts. */
interface Score {
  /** In the order of the validated balances. */
  edas: number[]
  main: number
  mean: number
}

function dealtRows(tf: TensorFlow, { groups, balances }: Deal): DealtRows {
  const sizes = balances.map((_, group) => groups.reduce((size, of) => size + (of === group ? 1 : 0), 0))
  const share = new Float32Array(balances.length * groups.length)
  groups.forEach((group, row) => {
    share[group * groups.length + row] = 1 / sizes[group]
  })
  return {
    share: tf.tensor2d(share, [balances.length, groups.length]),
    balance: tf.tensor2d(balances, [balances.length, 1]),
  }
}

/** Features with the balance of each row as one more column. */
function withBalance(tf: TensorFlow, features: Tensor2D, balances: readonly number[]): Tensor2D {
  return tf.tidy(() => tf.concat([features, tf.tensor2d(balances.map(balanceInput), [balances.length, 1])], 1))
}

/** The same in both forms. */
function withBalances(tf: TensorFlow, { rows, transposed }: FixedInput, balances: readonly number[]): FixedInput {
  const inputs = tf.tensor2d(balances.map(balanceInput), [1, balances.length])
  const input = { rows: withBalance(tf, rows, balances), transposed: tf.concat([transposed, inputs], 0) as Tensor2D }
  inputs.dispose()
  return input
}

/** 1 for an axis that is learned, 0 for one that stays at the baseline. */
function axesMask(tf: TensorFlow, axes: TunedAxes): Tensor2D {
  return tf.tensor2d([axes === 'theta' ? 0 : 1, axes === 't0' ? 0 : 1], [1, 2])
}

function matrix(tf: TensorFlow, rows: readonly Float32Array[]): Tensor2D {
  const width = rows[0].length
  const values = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    values.set(row, i * width)
  })
  return tf.tensor2d(values, [rows.length, width])
}

function placesFrom(start: GridPosition, steps: Float32Array): GridPosition[] {
  return Array.from({ length: steps.length / 2 }, (_, i) => ({
    t0: start.t0 + steps[2 * i],
    theta: start.theta + steps[2 * i + 1],
  }))
}

function copyWeights(network: LayersModel): Tensor[] {
  return network.getWeights().map((weight) => weight.clone())
}
