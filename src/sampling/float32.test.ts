import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ceilToFloat32 } from './float32.js'

it('leaves a float32 as it is', () => {
  fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => ceilToFloat32(x) === x))
})

it.each([
  [0.1, 0.10000000149011612],
  [-0.1, -0.09999999403953552],
  [1e-50, 2 ** -149],
  [-1e-50, 0],
  [1 + 2 ** -40, 1 + 2 ** -23],
])('rounds %d up to %d', (x, up) => {
  expect(ceilToFloat32(x) + 0).toBe(up)
})

it('divides float32 numbers where the number itself divides them', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.float({ min: -100, max: 100, noNaN: true }),
      (x, y) => {
        expect(y >= ceilToFloat32(x)).toBe(y >= x)
        expect(Math.fround(x) >= ceilToFloat32(x)).toBe(Math.fround(x) >= x)
      },
    ),
  )
})
