import { describe, expect, it } from 'vitest'
import { cellAt, positionOf } from '../../src/tuner/index.js'
import { meanSurfaces } from '../surfaces/mean-surface.js'
import { balancePlan, fixedCells } from './balances.js'
import { smoothBaseline } from './baseline.js'
import { corpusEdaAt, corpusMeansAt } from './objective.js'
import { syntheticSurfaces } from './testing/synthetic.js'

describe('smoothBaseline', () => {
  const { surfaces, grid } = syntheticSurfaces({ seed: 4, prompts: { train: 40 } }).noisy
  const means = meanSurfaces(surfaces, 'training')
  const references = Object.fromEntries(
    Object.entries(means).map(([task, { quality, selfBleu }]) => [
      task,
      { bestQuality: Math.max(...quality), worstSelfBleu: Math.max(...selfBleu) },
    ]),
  )
  const { knots } = balancePlan('any')
  const cells = fixedCells(knots, grid, means, references)
  const path = smoothBaseline(grid, means, references, knots, cells[9])
  const places = path.map((cell) => positionOf(grid, cell))

  it('goes through the best fixed cell at an even balance', () => {
    expect(cells[9].balance).toBe(0.5)
    expect(path[9]).toEqual(cells[9])
  })

  it('never turns back: quality and Self-BLEU rise with the balance', () => {
    const scores = places.map((place) =>
      corpusMeansAt(
        surfaces,
        surfaces.map(() => place),
        grid,
        references,
      ),
    )
    for (const [i, cell] of path.entries()) {
      if (i === 0) continue
      expect(cell.t0).toBeLessThanOrEqual(path[i - 1].t0)
      expect(cell.theta).toBeGreaterThanOrEqual(path[i - 1].theta)
      expect(scores[i].quality).toBeGreaterThan(scores[i - 1].quality - 0.01)
      expect(scores[i].selfBleu).toBeGreaterThan(scores[i - 1].selfBleu - 0.01)
    }
    expect(scores[18].quality).toBeGreaterThan(scores[0].quality + 0.3)
  })

  it('moves in small steps, and costs little against the best fixed cell of each balance', () => {
    const step = (i: number) => Math.hypot(places[i].t0 - places[i - 1].t0, places[i].theta - places[i - 1].theta)
    expect(Math.max(...knots.slice(1).map((_, i) => step(i + 1)))).toBeLessThan(1.5)
    const mean = (of: typeof places) =>
      of.reduce(
        (sum, place, i) =>
          sum +
          corpusEdaAt(
            surfaces,
            surfaces.map(() => place),
            grid,
            references,
            knots[i],
          ),
        0,
      ) / knots.length
    expect(mean(places)).toBeLessThan(mean(cells.map((cell) => positionOf(grid, cell))) + 0.5)
  })

  it('is the cell that it must go through when there is one balance', () => {
    const through = { balance: 0.7, ...cellAt(grid, { t0: 2, theta: 1 }) }
    expect(smoothBaseline(grid, means, references, [0.7], through)).toEqual([through])
  })
})
