import { describe, expect, it } from 'vitest'
import type { Output } from './output.js'
import { printProfile } from './profile-view.js'

function printed(profile: Parameters<typeof printProfile>[0]): string[] {
  const lines: string[] = []
  printProfile(profile, { print: (text = '') => void lines.push(...text.split('\n')) } as Output)
  return lines.map((line) => line.trim().replace(/ {2,}/g, ' | '))
}

const times = { prefill: 1000, model: 6000, cache: 1000, draw: 1500, bookkeeping: 500 }

describe('the table of --profile', () => {
  it('gives each part in seconds, as a share, and a step', () => {
    expect(printed({ ...times, steps: 100, rows: 17_000, lanes: 12_000 })).toEqual([
      'part | seconds | share | ms a step',
      'prompts through the model | 1 | 10.0 %',
      'model | 6 | 60.0 % | 60',
      'keys and values | 1 | 10.0 % | 10',
      'draw | 1.5 | 15.0 % | 15',
      'bookkeeping | 0.5 | 5.0 % | 5',
      '100 steps of 170 rows on average; the model computed 120 of them',
    ])
  })

  it('has a line for scores where there are any, and survives a run without steps', () => {
    const lines = printed({
      ...times,
      prefill: 0,
      model: 0,
      cache: 0,
      draw: 0,
      bookkeeping: 0,
      score: 0,
      steps: 0,
      rows: 0,
      lanes: 0,
    })
    expect(lines).toContain('scores and features | 0 | 0.0 %')
    expect(lines.join()).not.toContain('NaN')
  })
})
