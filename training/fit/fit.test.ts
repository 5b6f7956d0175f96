import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTuner, positionOf } from '../../src/tuner/index.js'
import type { RunSettings } from '../store/index.js'
import type { GridPosition, PromptSurface, SurfaceSet } from '../types.js'
import { fitTuner } from './fit.js'
import { corpusEdaAt } from './objective.js'
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
  featureVersion: 1,
  samplers: ['x'],
}

/** Fits, saves, loads again, and predicts with what was loaded. */
async function fitAndPredict(learning: SurfaceSet, heldOut: readonly PromptSurface[], options: FitOptions) {
  const fit = await fitTuner(learning, options)
  const folder = await mkdtemp(join(tmpdir(), 'edt-fit-'))
  try {
    const path = join(folder, 'tuner')
    const metadata = await saveTuner({ path, name: 'test', run, set: learning, fit, seed: 1 })
    const tuner = await loadTuner(path)
    const features = { version: learning.featureVersion, names: learning.featureNames }
    const predictions = heldOut.map(({ features: values }) => tuner.predict({ ...features, values }))
    return { fit, metadata, positions: predictions.map((cell) => positionOf(learning.grid, cell)) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
