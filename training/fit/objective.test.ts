import type { Tensor2D } from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { selectBackend } from '../../src/tuner/index.js'
import { corpusEdaAt, corpusEdaLoss, surfaceTensors } from './objective.js'
import { syntheticSurfaces } from './testing/synthetic.js'

it.each(['wasm', 'cpu'] as const)(
  'on %s the loss is the mean EDA_w of the groups, each at its own balance',
  async (name) => {
    const { tf } = await selectBackend(name)
    const { truth } = syntheticSurfaces({ seed: 1, prompts: { train: 6 }, tasks: 2 })
    const { surfaces, grid } = truth
    const references = {
      answer: { bestQuality: 30, worstSelfBleu: 90 },
      describe: { bestQuality: 18, worstSelfBleu: 60 },
    }
    const places = surfaces.map((_, i) => ({ t0: (i * 0.7) % 6, theta: (i * 1.3) % 4 }))
    const groups = surfaces.map((_, i) => i % 3)
    const balances = [0.2, 0.5, 0.95]
    const expected = balances.map((balance, group) => {
      const inGroup = (_: unknown, i: number) => groups[i] === group
      return corpusEdaAt(surfaces.filter(inGroup), places.filter(inGroup), grid, references, balance)
    })
    const loss = tf.tidy(() => {
      const share = tf.tensor2d(balances.map((_, group) => groups.map((of) => (of === group ? 1 / 4 : 0))))
      const balance = tf.tensor2d(balances, [3, 1])
      const positions = tf.tensor2d(places.map(({ t0, theta }) => [t0, theta])) as Tensor2D
      const tensors = surfaceTensors(tf, surfaces, references)
      return corpusEdaLoss(tf, positions, tensors, grid, { share, balance }).dataSync()[0]
    })
    expect(100 * loss).toBeCloseTo(expected.reduce((sum, eda) => sum + eda, 0) / 3, 3)
  },
)
