import { describe, expect, it } from 'vitest'
import { balancePlan, copiesOf, dealer, GROUPS } from './balances.js'

describe('balancePlan', () => {
  it('spreads the best fixed cells over the range and validates at every tenth', () => {
    const { range, knots, validated } = balancePlan('any')
    expect(knots).toHaveLength(19)
    expect([knots[0], knots[9], knots[18]]).toEqual([range[0], 0.5, range[1]])
    expect(validated).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  })

  it('has one of everything for one balance', () => {
    expect(balancePlan(0.7)).toEqual({ range: [0.7, 0.7], knots: [0.7], validated: [0.7] })
  })
})

describe('the dealer', () => {
  const range = [0.05, 0.95] as const

  it.each([2, 7, 400, 3000])('gives each of %i prompts to as many groups as it has copies, of like size', (prompts) => {
    const copies = copiesOf(prompts, range)
    const { groups } = dealer(prompts, copies, range, 1)()
    const sizes = new Array(GROUPS).fill(0)
    for (let prompt = 0; prompt < prompts; prompt++) {
      const own = Array.from({ length: copies }, (_, copy) => groups[copy * prompts + prompt])
      expect(new Set(own).size).toBe(copies)
      for (const group of own) sizes[group]++
    }
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(copies)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
  })

  it('deals a few prompts to every group, and a large set once', () => {
    expect([copiesOf(100, range), copiesOf(3000, range), copiesOf(100, [0.5, 0.5])]).toEqual([GROUPS, 1, 1])
  })

  it('draws a balance in each fifth of the range, others in each epoch, the same for the same seed', () => {
    const [deal, again] = [dealer(50, 1, range, 3), dealer(50, 1, range, 3)]
    const first = deal()
    expect(again()).toEqual(first)
    expect(deal()).not.toEqual(first)
    for (let epoch = 0; epoch < 50; epoch++) {
      for (const [group, balance] of deal().balances.entries()) {
        expect(Math.floor((balance - range[0]) / (0.9 / GROUPS))).toBe(group)
      }
    }
  })

  it('has one group and nothing to draw for one balance', () => {
    const deal = dealer(3, 1, [0.5, 0.5], 1)
    expect(deal()).toEqual({ groups: new Int32Array(3), balances: [0.5] })
  })
})
