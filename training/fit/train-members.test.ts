import { expect, it } from 'vitest'
import { selectBackend } from '../../src/tuner/index.js'
import { prepareSurfaces } from './prepare.js'
import { syntheticSurfaces } from './testing/synthetic.js'
import { trainMembers } from './train-members.js'

it('gives up a baseline that does worse than the best fixed cells, when training does not mend it', async () => {
  const { noisy } = syntheticSurfaces({ seed: 1, prompts: { train: 20, validation: 10 }, tasks: 1 })
  const { train, validation, trainFeatures, validationFeatures } = prepareSurfaces(noisy)
  const { tf } = await selectBackend('cpu')
  const trained = await trainMembers(
    tf,
    { surfaces: train, features: trainFeatures },
    train,
    { surfaces: validation, features: validationFeatures },
    {
      grid: noisy.grid,
      references: { answer: { bestQuality: 30, worstSelfBleu: 100 } },
      baseline: () => ({ t0: 0, theta: 4 }),
      fixed: [{ balance: 0.5, t0: 1, theta: 0.5 }],
      range: [0.5, 0.5],
      ...{
        axes: 'both',
        hidden: [4],
        members: 2,
        epochs: 0,
        patience: 1,
        learningRate: 0.001,
        weightDecay: 0,
        seed: 0,
      },
    },
  )
  expect(trained).toMatchObject({ keepsBaseline: false, epoch: 0 })
  const [{ learned, bestFixed }] = trained.scores
  expect(learned).toBe(bestFixed)
  expect(trained.history[0].validation).toBeGreaterThan(bestFixed)
  trained.network.dispose()
})
