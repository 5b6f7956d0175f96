import { describe, expect, it } from 'vitest'
import { createRule, createSampler } from '../../../src/sampling/index.js'
import { syntheticTuner } from '../testing/synthetic.js'
import { everyStrategy, MOST_SETTINGS, type Strategy, selectStrategies, strategyNames } from './index.js'

const truncation = { topP: 0.9 }
const available = { tuner: syntheticTuner(), tasks: ['answer', 'summarize'], tuning: true, taskTuners: true }
const idsOf = (...args: Parameters<typeof selectStrategies>) => selectStrategies(...args).strategies.map(({ id }) => id)

describe.each(everyStrategy.flatMap((strategy) => (strategy.settings === undefined ? [] : [strategy])))(
  '$id',
  ({ settings }) => {
    const all = settings!(truncation)

    it('has as many settings as the default grid of EDT has cells, no more', () => {
      expect(all).toHaveLength(MOST_SETTINGS)
    })

    it('has no two settings of one name or of one sampler', () => {
      const samplers = all.map(
        ({ strategy, truncation }) => createSampler({ rule: createRule(strategy), truncation }).signature,
      )
      expect(new Set(samplers).size).toBe(all.length)
      expect(new Set(all.map(({ label }) => label)).size).toBe(all.length)
    })
  },
)

describe('selectStrategies', () => {
  it('takes the cheap ones unless told otherwise, and all that can be used when told so', () => {
    const byDefault = idsOf(undefined, available)
    expect(byDefault).toContain('top-n-sigma')
    expect(byDefault).not.toContain('kld')
    expect(idsOf(['all'], available)).toEqual(everyStrategy.map(({ id }) => id))
    expect(selectStrategies(undefined, available).oracle).toBe(true)
  })

  it('leaves out by itself what cannot be used', () => {
    const untuned = idsOf(['all'], { ...available, tuning: false, taskTuners: false })
    expect(untuned).toEqual([
      'greedy',
      'fixed-temperature',
      'hand-set-edt',
      'best-fixed-edt',
      'best-fixed-edt-per-task',
      'learned-edt',
    ])
  })

  it('keeps the order of the table, the baseline and the learned tuner, whatever is asked for', () => {
    expect(idsOf(['min-p', 'greedy'], available)).toEqual(['greedy', 'min-p', 'best-fixed-edt', 'learned-edt'])
    expect(selectStrategies(['min-p'], available).oracle).toBe(false)
    expect(selectStrategies(['min-p', 'oracle'], available).oracle).toBe(true)
  })

  it.each([
    [['min-q'], /strategies must be among greedy, .*, oracle, all, but is "min-q"/],
    [
      ['min-p'],
      'strategies must be ones that can be used here, but is "min-p". It needs training prompts to be tuned on',
    ],
    [['learned-edt-per-task'], "It needs the run's store, which tuners of single tasks are fitted on."],
  ])('refuses %j where it cannot be used', (names, message) => {
    expect(() => selectStrategies(names, { ...available, tuning: false, taskTuners: false })).toThrow(message)
  })

  it('refuses two strategies of one name', () => {
    const own: Strategy = { ...everyStrategy[0], label: 'mine' }
    expect(() => selectStrategies(['greedy', own], available)).toThrow(
      'strategies must be strategies of different names',
    )
  })

  it('knows every strategy by name', () => {
    expect(strategyNames).toEqual([...everyStrategy.map(({ id }) => id), 'oracle', 'all'])
  })
})
