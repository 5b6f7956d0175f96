import { describe, expect, it } from 'vitest'
import { bytes, count, duration, facts, rate, significant, table } from './format.js'

describe('text for people', () => {
  it.each([
    [0.2, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [7800, '2 h 10 min'],
  ])('writes %d seconds as %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected)
  })

  it.each([
    [12.41, '12.4 prompts/s'],
    [0.19, '5.3 s/prompt'],
    [1240, '1,240 prompts/s'],
  ])('writes a rate of %d as %s', (perSecond, expected) => {
    expect(rate(perSecond, 'prompts')).toBe(expected)
  })

  it('writes counts, sizes and numbers without noise', () => {
    expect([count(1, 'prompt'), count(1200, 'prompt'), count(0, 'cell')]).toEqual([
      '1 prompt',
      '1,200 prompts',
      '0 cells',
    ])
    expect([bytes(999), bytes(6_512_000), bytes(0)]).toEqual(['999 bytes', '6.51 MB', '0 bytes'])
    expect([significant(0.30000000000000004, 3), significant(1.5, 3)]).toEqual(['0.3', '1.5'])
  })

  it('aligns the columns of a table and of facts', () => {
    expect(
      table(
        ['name', 'EDA'],
        [
          ['fixed', '61.5'],
          ['learned EDT', '9.25'],
        ],
        ['left', 'right'],
      ),
    ).toBe(['name          EDA', 'fixed        61.5', 'learned EDT  9.25'].join('\n'))
    expect(
      facts([
        ['model', 'debian-6m'],
        ['T0', '0.8'],
      ]),
    ).toBe('  model  debian-6m\n  T0     0.8')
  })
})
