import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FEATURE_VERSION } from '../../src/features/index.js'
import { loadTuner, positionOf, selectBackend } from '../../src/tuner/index.js'
import type { RunSettings } from '../store/index.js'
import type { GridPosition, PromptSurface, SurfaceSet } from '../types.js'
import { fitTuner } from './fit.js'
import { corpusEdaAt, corpusMeansAt } from './objective.js'
import { saveTuner } from './save.js'
import { type SyntheticOptions, syntheticSurfaces } from './testing/synthetic.js'
import type { FitOptions } from './types.js'

const small: FitOptions = { members: 2, hidden: [16], epochs: 120, patience: 60, backend: 'wasm', learningRate: 0.005 }
const sizes: SyntheticOptions = { seed: 11, prompts: { train: 60, validation: 30, test: 60 }, tasks: 3 }

function bySplit({ noisy, truth }: { noisy: SurfaceSet; truth: SurfaceSet }) {
  return {
    learning: { ...noisy, surfaces: noisy.surfaces.filter(({ split }) => split !== 'test') },
    heldOut: truth.surfaces.filter(({ split }) => split === 'test'),
  }
}

const run: RunSettings = {
  model: { id: 'synthetic', vocabularySize: 10, vocabularyHash: 'abc', dtype: 'fp32' },
  tasks: [{ name: 'answer', metric: 'rougeL', tokenize: '13a', maxNewTokens: 24, stop: ['\n'] }],
  grid: { t0: [1], theta: [0] },
  samples: 5,
  selfBleuGroup: 5,
  seed: 0,
  truncation: { topP: 0.95 },
  maxRows: 256,
  featureVersion: FEATURE_VERSION,
  samplers: ['x'],
}

/** Fits, saves and loads again. */
async function fitAndLoad(learning: SurfaceSet, options: FitOptions) {
  const fit = await fitTuner(learning, options)
  const folder = await mkdtemp(join(tmpdir(), 'edt-fit-'))
  try {
    const path = join(folder, 'tuner')
    const metadata = await saveTuner({ path, name: 'test', run, set: learning, fit, seed: 1 })
    return { fit, metadata, tuner: await loadTuner(path) }
  } finally {
    fit.network.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

function featuresOf({ featureVersion, featureNames }: SurfaceSet, surfaces: readonly PromptSurface[]) {
  return surfaces.map(({ features }) => ({ version: featureVersion, names: featureNames, values: features }))
}

/** Predicts with what was loaded. */
async function fitAndPredict(learning: SurfaceSet, heldOut: readonly PromptSurface[], options: FitOptions) {
  const { tuner, ...fitted } = await fitAndLoad(learning, options)
  const predictions = tuner.predict(featuresOf(learning, heldOut))
  return { ...fitted, positions: predictions.map((cell) => positionOf(learning.grid, cell)) }
}

describe('fitTuner', () => {
  it('beats the best fixed cell on held-out prompts, judged by their true surfaces', async () => {
    const { learning, heldOut } = bySplit(syntheticSurfaces(sizes))
    const { fit, positions } = await fitAndPredict(learning, heldOut, small)
    const { grid } = learning
    const fixed = heldOut.map(() => positionOf(grid, fit.bestCells.fixed))
    const eda = (places: GridPosition[]) => corpusEdaAt(heldOut, places, grid, fit.references)
    expect(eda(positions)).toBeLessThan(eda(fixed) - 0.3)
    expect(fit.validation.learned).toBeLessThan(fit.validation.bestFixed)
    expect(fit.keptStart).toBe(false)
  })

  it('stays at the best fixed cell when no feature tells anything', async () => {
    const { learning, heldOut } = bySplit(syntheticSurfaces({ ...sizes, informative: false }))
    const { fit, positions } = await fitAndPredict(learning, heldOut, small)
    expect(fit.validation.learned).toBeLessThanOrEqual(fit.validation.bestFixed)
    const start = positionOf(learning.grid, fit.bestCells.fixed)
    const eda = (places: GridPosition[]) => corpusEdaAt(heldOut, places, learning.grid, fit.references)
    expect(eda(positions)).toBeLessThan(eda(heldOut.map(() => start)) + 0.5)
  })

  it('gives the start, exactly, when it is not trained', async () => {
    const { learning, heldOut } = bySplit(syntheticSurfaces(sizes))
    const { fit, positions } = await fitAndPredict(learning, heldOut, { ...small, epochs: 1 })
    expect(fit.keptStart).toBe(true)
    expect(fit.validation.learned).toBe(fit.validation.bestFixed)
    const start = positionOf(learning.grid, fit.bestCells.fixed)
    for (const position of positions) {
      expect(position.t0).toBeCloseTo(start.t0, 5)
      expect(position.theta).toBeCloseTo(start.theta, 5)
    }
  })

  it('gives the same weights for the same seed, and others for another', async () => {
    const { learning, heldOut } = bySplit(
      syntheticSurfaces({ ...sizes, prompts: { train: 20, validation: 10, test: 1 } }),
    )
    const weights = async (seed: number) => {
      const options = { ...small, epochs: 20, seed }
      return (await fitAndPredict(learning, heldOut, options)).metadata.weights.sha256
    }
    expect(await weights(1)).toBe(await weights(1))
    expect(await weights(2)).not.toBe(await weights(1))
  })

  it('learns every balance at once: better than the best fixed cell of each, quality and Self-BLEU rising with it', async () => {
    const { learning, heldOut } = bySplit(syntheticSurfaces(sizes))
    const { fit, metadata, tuner } = await fitAndLoad(learning, small)
    const { grid } = learning
    expect(tuner.balanceRange).toEqual([0.05, 0.95])
    expect(metadata.balance.scores.map(({ balance }) => balance)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    const features = featuresOf(learning, heldOut)
    const rows = metadata.balance.scores.map(({ balance }) => {
      const learned = tuner.predict(features, { balance }).map((cell) => positionOf(grid, cell))
      const start = positionOf(grid, metadata.balance.scores.find((score) => score.balance === balance)!)
      const fixed = heldOut.map(() => start)
      return {
        gain:
          corpusEdaAt(heldOut, fixed, grid, fit.references, balance) -
          corpusEdaAt(heldOut, learned, grid, fit.references, balance),
        ...corpusMeansAt(heldOut, learned, grid, fit.references),
      }
    })
    expect(rows.reduce((sum, { gain }) => sum + gain, 0) / rows.length).toBeGreaterThan(0.3)
    for (const [i, { quality, selfBleu }] of rows.entries()) {
      if (i === 0) continue
      expect(quality).toBeGreaterThan(rows[i - 1].quality - 0.005)
      expect(selfBleu).toBeGreaterThan(rows[i - 1].selfBleu - 0.005)
    }
    const mean = (of: 'learned' | 'bestFixed') => fit.balance.scores.reduce((sum, score) => sum + score[of], 0)
    expect(mean('learned')).toBeLessThan(mean('bestFixed'))
    expect(fit.validation).toMatchObject({ learned: fit.balance.scores[4].learned })
  })

  it('learns one balance alone when told to, and then knows no other', async () => {
    const { learning, heldOut } = bySplit(syntheticSurfaces(sizes))
    const { fit, tuner } = await fitAndLoad(learning, { ...small, balance: 0.8 })
    expect(fit.balance).toMatchObject({ range: [0.8, 0.8], scores: [{ balance: 0.8 }] })
    expect(fit.validation.learned).toBeLessThan(fit.validation.bestFixed)
    const [features] = featuresOf(learning, heldOut)
    expect(tuner.predict(features)).toEqual(tuner.predict(features, { balance: 0.8 }))
    expect(() => tuner.predict(features, { balance: 0.5 })).toThrow('the only one that this tuner was trained for')
    await expect(fitTuner(learning, { ...small, balance: 1 })).rejects.toThrow(
      'balance must be any or a number from 0.05 to 0.95, but is 1.',
    )
  })

  it.each([
    ['t0', 'theta'],
    ['theta', 't0'],
  ] as const)('moves %s alone when told to, and leaves %s at the best fixed cell', async (axes, still) => {
    const { learning, heldOut } = bySplit(syntheticSurfaces(sizes))
    const { fit, positions } = await fitAndPredict(learning, heldOut, { ...small, axes, balance: 0.5 })
    const start = positionOf(learning.grid, fit.bestCells.fixed)
    expect(fit.keptStart).toBe(false)
    expect(new Set(positions.map((place) => place[still].toFixed(6)))).toEqual(new Set([start[still].toFixed(6)]))
    expect(new Set(positions.map((place) => place[axes].toFixed(6))).size).toBeGreaterThan(10)
  })

  it('leaves no tensor behind but the network, whether it ends or is stopped', async () => {
    const { learning } = bySplit(syntheticSurfaces({ ...sizes, prompts: { train: 20, validation: 10 } }))
    const { tf } = await selectBackend('wasm')
    const before = tf.memory().numTensors
    const { network } = await fitTuner(learning, { ...small, epochs: 10 })
    network.dispose()
    expect(tf.memory().numTensors).toBe(before)
    const controller = new AbortController()
    const stopped = fitTuner(learning, {
      ...small,
      signal: controller.signal,
      onProgress: ({ epoch }) => epoch === 5 && controller.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('names the prompt and the feature or score that is no number', async () => {
    const { noisy } = syntheticSurfaces({ ...sizes, prompts: { train: 10, validation: 5 } })
    const broken = (change: (surface: PromptSurface) => Partial<PromptSurface>) => ({
      ...noisy,
      surfaces: noisy.surfaces.map((surface, i) => (i === 3 ? { ...surface, ...change(surface) } : surface)),
    })
    const { promptId } = noisy.surfaces[3]
    await expect(
      fitTuner(
        broken(({ features }) => ({ features: features.with(2, Number.NaN) })),
        small,
      ),
    ).rejects.toThrow(`The prompt ${promptId} has NaN for the feature prompt.synthetic_2`)
    await expect(
      fitTuner(
        broken(({ quality }) => ({ quality: quality.with(6, Number.POSITIVE_INFINITY) })),
        small,
      ),
    ).rejects.toThrow(`The prompt ${promptId} has Infinity for the quality at T0 0.5, theta 0.5`)
  })

  it('holds out a fifth of the training prompts when there are no validation prompts', async () => {
    const { noisy } = syntheticSurfaces({ ...sizes, prompts: { train: 20 } })
    const { validation } = await fitTuner(noisy, { ...small, epochs: 5 })
    expect(validation.prompts).toBe(12)
  })

  it('stops when it is told to, and refuses prompts that nothing can be learned from', async () => {
    const { noisy } = syntheticSurfaces({ ...sizes, prompts: { train: 10, validation: 5 } })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fitTuner(noisy, { ...small, signal })).rejects.toThrow('enough')
    const worthless = noisy.surfaces.map((surface) => ({ ...surface, quality: surface.quality.map(() => 0) }))
    await expect(fitTuner({ ...noisy, surfaces: worthless }, small)).rejects.toThrow(
      /quality of every sample of the task \S+ is 0/,
    )
    const untrained = noisy.surfaces.filter(
      ({ task, split }) => task !== noisy.surfaces[0].task || split === 'validation',
    )
    await expect(fitTuner({ ...noisy, surfaces: untrained }, small)).rejects.toThrow(
      /has validation prompts, but no training prompts/,
    )
    const few = { ...noisy, surfaces: noisy.surfaces.slice(0, 1) }
    await expect(fitTuner(few, small)).rejects.toThrow(/at least 2 training prompts and 1 validation prompt/)
  })
})
