import { describe, expect, it } from 'vitest'
import type { PromptSurface } from '../types.js'
import { denoiseSurfaces } from './denoise.js'
import { prepareSurfaces } from './prepare.js'
import { syntheticSurfaces } from './testing/synthetic.js'

const groups = ['prompt', 'text', 'prefill'] as const

/** Mean squared distance of all cells, in units of 0–100. */
function distance(a: readonly PromptSurface[], b: readonly PromptSurface[]): number {
  let sum = 0
  let count = 0
  a.forEach((surface, i) => {
    for (const part of ['quality', 'selfBleu'] as const) {
      surface[part].forEach((value, c) => {
        sum += (value - b[i][part][c]) ** 2
        count++
      })
    }
  })
  return sum / count
}

function meanSurface(surfaces: readonly PromptSurface[]): PromptSurface[] {
  return surfaces.map((surface) => {
    const same = surfaces.filter(({ task }) => task === surface.task)
    const mean = (part: 'quality' | 'selfBleu') =>
      surface[part].map((_, c) => same.reduce((sum, other) => sum + other[part][c], 0) / same.length)
    return { ...surface, quality: mean('quality'), selfBleu: mean('selfBleu') }
  })
}

describe('denoiseSurfaces', () => {
  it('comes nearer to the true surfaces than the mean of the task does', () => {
    const { noisy, truth } = syntheticSurfaces({ seed: 3, prompts: { train: 120, validation: 1 }, tasks: 3 })
    const { train, trainFeatures } = prepareSurfaces(noisy, groups)
    const true_ = truth.surfaces.filter(({ split }) => split === 'train')
    expect(train.map(({ promptId }) => promptId)).toEqual(true_.map(({ promptId }) => promptId))
    const { surfaces, explained } = denoiseSurfaces({ ...noisy, surfaces: train }, trainFeatures)
    const denoised = distance(surfaces, true_)
    expect(denoised).toBeLessThan(0.9 * distance(meanSurface(train), true_))
    expect(explained).toBeGreaterThan(0.05)
  })

  it('finds nothing in features that tell nothing', () => {
    const { noisy } = syntheticSurfaces({
      seed: 4,
      prompts: { train: 40, validation: 1 },
      tasks: 2,
      informative: false,
    })
    const { train, trainFeatures } = prepareSurfaces(noisy, groups)
    expect(denoiseSurfaces({ ...noisy, surfaces: train }, trainFeatures).explained).toBeLessThan(0.05)
  })

  it('does not let a prompt speak for itself: changing its surface leaves its own prediction as it was', () => {
    const { noisy } = syntheticSurfaces({ seed: 5, prompts: { train: 30, validation: 1 }, tasks: 1 })
    const { train, trainFeatures } = prepareSurfaces(noisy, groups)
    const run = (surfaces: PromptSurface[]) =>
      denoiseSurfaces({ ...noisy, surfaces }, trainFeatures, { rank: 100 }).surfaces[0].quality[0]
    const other = { ...train[0], quality: train[0].quality.map((value) => value + 1) }
    // Only through the mean of the task, of which it is a thirtieth.
    expect(Math.abs(run([other, ...train.slice(1)]) - run(train))).toBeLessThan(0.1)
  })
})
