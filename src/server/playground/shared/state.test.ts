import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromFragment, LIMITS, type PageState, toFragment } from './state.js'

const number = (name: keyof typeof LIMITS) => fc.double({ min: LIMITS[name][0], max: LIMITS[name][1], noNaN: true })
const whole = (name: keyof typeof LIMITS) => fc.integer({ min: LIMITS[name][0], max: LIMITS[name][1] })
const states = fc.record<PageState>({
  task: fc.string(),
  prompt: fc.string({ unit: 'binary' }),
  chat: fc.boolean(),
  balance: number('balance'),
  t0: fc.option(number('t0'), { nil: undefined }),
  theta: fc.option(number('theta'), { nil: undefined }),
  temperature: number('temperature'),
  samples: whole('samples'),
  maxTokens: whole('maxTokens'),
  seed: whole('seed'),
  topP: number('topP'),
  oneLine: fc.boolean(),
})

describe('a link', () => {
  it('brings back every state', () => {
    fc.assert(
      fc.property(states, fc.boolean(), (state, shown) => {
        const back = fromFragment(`#${toFragment(state, shown)}`)
        const set = Object.entries(state).filter(([, value]) => value !== undefined && value !== '')
        // A link cannot tell −0 from 0, nor need it.
        expect(back.state).toEqual(Object.fromEntries(set.map(([name, value]) => [name, value === 0 ? 0 : value])))
        expect(back.run).toBe(shown)
      }),
    )
  })

  it('is read as far as it can be understood', () => {
    const { state, run } = fromFragment(
      '#prompt=Hello%20you&t0=warm&samples=900&seed=2.6&chat=yes&oneLine=0&colour=red&run=2',
    )
    expect(state).toEqual({ prompt: 'Hello you', samples: LIMITS.samples[1], seed: 3, oneLine: false })
    expect(run).toBe(false)
    expect(fromFragment('')).toEqual({ state: {}, run: false })
  })
})
