import { describe, expect, it } from 'vitest'
import type { AblationResult } from '../ablate/index.js'
import { headline } from './headline.js'

const estimateOf = (value: number) => ({ value, interval: [value - 1, value + 1] as [number, number] })

/** As much of a result as the headline reads. */
function result(
  difference: { difference: number; interval: [number, number]; p: number },
  headroom?: { share: number | null; interval: [number | null, number | null]; caution?: string },
  prompts = 300,
): AblationResult {
  const scope = {
    prompts,
    strategies: [{ id: 'learned-edt', eda: estimateOf(38.2), versus: { 'best-fixed-edt': difference } }],
    ...(headroom === undefined ? {} : { headroom: { prompts: 60, headroom: 3.5, ...headroom } }),
  }
  const settings = { signatures: { answer: { quality: 'rougeL|x' } } }
  return { overall: scope, tasks: { answer: scope }, settings } as unknown as AblationResult
}

describe('headline', () => {
  it('says by how much learned EDT is ahead, and which share of the headroom it gets', () => {
    expect(
      headline(
        result({ difference: -1.9, interval: [-2.4, -1.4], p: 0.0002 }, { share: 0.54, interval: [0.38, 0.72] }),
      ),
    ).toEqual([
      'On 300 held-out prompts of answer, learned EDT has a corpus EDA of 38.2 (lower is better), 1.9 points below the best fixed EDT (95 % interval −2.4 to −1.4, p < 0.001).',
      "On the oracle's 60 prompts, settings chosen for each prompt could gain 3.5 points over the best fixed EDT; learned EDT gets 54 % of that (95 % interval: 38 % to 72 %).",
    ])
  })

  it('claims no difference where the interval contains zero', () => {
    const sentences = headline(result({ difference: 0.2, interval: [-0.3, 0.7], p: 0.41 }))
    expect(sentences[0]).toContain('0.2 points above the best fixed EDT (95 % interval −0.3 to +0.7, p = 0.410)')
    expect(sentences[1]).toContain('do not show a difference')
  })

  it('repeats the caution about the share, and names no share where there is no headroom', () => {
    const ahead = { difference: -1.9, interval: [-2.4, -1.4] as [number, number], p: 0.0002 }
    const open = headline(result(ahead, { share: 0.5, interval: [0.1, null], caution: 'Careful.' }))
    expect(open[1]).toContain('gets 50 % of that (95 % interval: 10 % or more)')
    expect(open[2]).toBe('Careful.')
    const behind = headline(result(ahead, { share: -0.2, interval: [-0.5, -0.1] }))
    expect(behind[1]).toContain('gets none of that (share −20 %, 95 % interval: −50 % to −10 %)')
    const none = headline(result(ahead, { share: null, interval: [null, null], caution: 'No headroom.' }))
    expect(none.slice(1)).toEqual(['No headroom.'])
  })

  it('warns when the prompts are few', () => {
    const few = headline(result({ difference: -1.9, interval: [-2.4, -1.4], p: 0.01 }, undefined, 8))
    expect(few[1]).toContain('So few prompts')
  })
})
