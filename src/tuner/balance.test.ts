import fc from 'fast-check'
import { expect, it } from 'vitest'
import { balanceInput, baselineOf } from './balance.js'
import { positionOf } from './grid.js'

const grid = { t0: [0.2, 0.5, 1, 2], theta: [0, 1, 3] }
const cells = [
  { balance: 0.1, t0: 2, theta: 0 },
  { balance: 0.4, t0: 1, theta: 3 },
  { balance: 0.5, t0: 1, theta: 1 },
  { balance: 0.9, t0: 0.2, theta: 0 },
]
const baseline = baselineOf(grid, cells)

it('the baseline is each best fixed cell exactly at its balance', () => {
  for (const { balance, ...cell } of cells) expect(baseline(balance)).toEqual(positionOf(grid, cell))
})

it('the baseline goes straight from one cell to the next, in places on the grid', () => {
  expect(baseline(0.7).t0).toBeCloseTo(1)
  expect(baseline(0.7).theta).toBeCloseTo(0.5)
  expect(baselineOf(grid, cells.slice(0, 1))(0.1)).toEqual({ t0: 3, theta: 0 })
})

it('the baseline has no jumps', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 0.899, noNaN: true }), (balance) => {
      const [here, there] = [baseline(balance), baseline(balance + 0.001)]
      expect(Math.hypot(here.t0 - there.t0, here.theta - there.theta)).toBeLessThan(0.03)
    }),
  )
})

it('the network reads an even balance as 0', () => {
  expect([balanceInput(0), balanceInput(0.5), balanceInput(1)]).toEqual([-3, 0, 3])
})
