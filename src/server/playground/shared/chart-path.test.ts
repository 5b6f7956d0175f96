import fc from 'fast-check'
import { expect, it } from 'vitest'
import { scaleFromZero, stepPath } from './chart-path.js'
import { contrast, viridis } from './viridis.js'

it('a scale starts at 0, holds its largest value, and has a few round ticks', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (most) => {
      const scale = scaleFromZero(most, 100, 0)
      const end = scale.ticks.at(-1) as number
      expect(scale(0)).toBe(100)
      expect(end).toBeGreaterThanOrEqual(most * (1 - 1e-6))
      expect(scale.ticks.length).toBeGreaterThanOrEqual(2)
      expect(scale.ticks.length).toBeLessThanOrEqual(4)
      expect(scale(end)).toBeCloseTo(0, 4)
    }),
  )
  expect(scaleFromZero(1.25, 0, 1).ticks).toEqual([0, 0.5, 1, 1.5])
})

it('a path has one step a value', () => {
  const path = stepPath(
    [1, 3],
    (position) => 10 * position,
    (value) => 100 - value,
  )
  expect(path).toBe('M0 99H10L10 97H20')
})

it('numbers read on every colour of the map', () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const { ground, ink } = viridis(share)
    const channels = [1, 3, 5].map((start) => Number.parseInt(ground.slice(start, start + 2), 16))
    expect(contrast(channels, ink === '#fff' ? [255, 255, 255] : [0, 0, 0])).toBeGreaterThan(4.5)
  }
})
