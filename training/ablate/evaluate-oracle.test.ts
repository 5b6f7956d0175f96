import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/sampling/random.js'
import { evaluateHeadroom, halvePrompt, type OracleScores } from './evaluate-oracle.js'
import type { RolloutScores } from './records.js'

const reference = { bestQuality: 50, worstSelfBleu: 80 }
const percent = { bestQuality: 100, worstSelfBleu: 100 }

function scores(cells: RolloutScores[]): OracleScores {
  return { cells, bestFixed: cells[0], learned: cells[1] }
}

/** 20 noisy samples and 4 groups around the given means. */
function noisy(quality: number, selfBleu: number, ...keys: (string | number)[]): RolloutScores {
  const random = randomStream(1, ...keys)
  const around = (mean: number) => mean + 40 * (random.next() - 0.5)
  return {
    quality: Array.from({ length: 20 }, () => around(quality)),
    selfBleu: Array.from({ length: 4 }, () => around(selfBleu)),
  }
}

describe('halvePrompt', () => {
  it('keeps whole Self-BLEU groups together and normalises by Q* and D*', () => {
    // 3 groups of 2, and one sample that fills none: the first half is one group.
    const cell = { quality: [10, 30, 1, 2, 3, 4, 5], selfBleu: [40, 60, 80] }
    const { cells } = halvePrompt('a', scores([cell, cell]), reference, 2)
    expect(cells[0].quality).toEqual([20 / 50, 3 / 50])
    expect(cells[0].selfBleu).toEqual([40 / 80, 70 / 80])
  })
})

describe('evaluateHeadroom', () => {
  it('finds no headroom in pure noise, where an oracle scored on its own samples finds plenty', () => {
    const prompts = Array.from({ length: 80 }, (_, i) =>
      halvePrompt('a', scores(Array.from({ length: 30 }, (_, c) => noisy(30, 40, i, c))), reference, 5),
    )
    const { bestFixed, oracle, optimisticEda, headroomInterval } = evaluateHeadroom(prompts, percent, {
      seed: 1,
      resamples: 500,
    })
    expect(Math.abs(oracle.eda.value - bestFixed.eda.value)).toBeLessThan(2)
    expect(headroomInterval[0]).toBeLessThan(0)
    expect(bestFixed.eda.value - optimisticEda).toBeGreaterThan(5)
  })

  it('finds the headroom that is there, and the share of it that the learned setting gets', () => {
    // Every prompt has one good cell among many; the learned setting is the good cell for three prompts of four.
    const prompts = Array.from({ length: 80 }, (_, i) => {
      const cells = Array.from({ length: 12 }, (_, c) => noisy(c === i % 12 ? 45 : 25, c === i % 12 ? 20 : 50, i, c))
      const good = cells[i % 12]
      const poor = cells[(i + 1) % 12]
      return halvePrompt('a', { ...scores(cells), bestFixed: poor, learned: i % 4 === 0 ? poor : good }, reference, 5)
    })
    const {
      share,
      interval,
      headroom,
      caution,
      prompts: count,
    } = evaluateHeadroom(prompts, percent, { seed: 1, resamples: 500 })
    expect(count).toBe(80)
    expect(caution).toBeUndefined()
    expect(evaluateHeadroom(prompts.slice(0, 12), percent, { seed: 1, resamples: 500 }).caution).toContain('12 prompts')
    expect(headroom).toBeGreaterThan(15)
    expect(share).toBeGreaterThan(0.6)
    expect(share).toBeLessThan(0.9)
    expect(interval[0]).toBeLessThan(share!)
    expect(interval[1]).toBeGreaterThan(share!)
  })
})
