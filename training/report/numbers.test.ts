import { describe, expect, it } from 'vitest'
import { count, decimal, estimate, pValue, shareInterval, signed } from './numbers.js'

describe('numbers in reports', () => {
  it('have a real minus sign and no negative zero', () => {
    expect([-1.25, -0.04, 0, 3.06].map((value) => decimal(value))).toEqual(['−1.3', '0.0', '0.0', '3.1'])
    expect([-2, 0.01, 2].map((value) => signed(value))).toEqual(['−2.0', '0.0', '+2.0'])
  })

  it('carry their interval', () => {
    expect(estimate({ value: 37.21, interval: [36.06, 38.44] })).toBe('37.2 [36.1, 38.4]')
  })

  it('never claim p = 0', () => {
    expect([0.0002, 0.034, 1].map(pValue)).toEqual(['< 0.001', '0.034', '1.000'])
  })

  it('say in words where an interval is open', () => {
    expect(shareInterval([0.31, 0.774])).toBe('31 % to 77 %')
    expect(shareInterval([0.31, null])).toBe('31 % or more')
    expect(shareInterval([null, -0.1])).toBe('−10 % or less')
    expect(shareInterval([null, null])).toBe('not bounded')
  })

  it('agree with their noun', () => {
    expect([count(1, 'prompt'), count(1500, 'prompt')]).toEqual(['1 prompt', '1,500 prompts'])
  })
})
