import { describe, expect, it } from 'vitest'
import type { Cell, Grid, PromptSurface } from '../types.js'
import type { StudyData } from './data.js'
import type { StudyPlan } from './definition.js'
import type { FitSpec } from './fit-spec.js'
import { judgeRows } from './judge.js'

const grid: Grid = { t0: [0.5, 1, 1.5], theta: [0] }

/** Quality falls and Self-BLEU falls in straight lines with T0, each prompt from its own level. */
function surface(task: string, i: number): PromptSurface {
  return {
    ...{ promptId: `${task}/test/${i}`, task, split: 'test', features: new Float32Array(0) },
    quality: Float32Array.of(40 + i, 30 + i, 20 + i),
    selfBleu: Float32Array.of(60 + 2 * i, 40 + 2 * i, 20 + 2 * i),
  }
}

const test = [0, 1, 2].flatMap((i) => [surface('a', i), surface('b', 3 * i)])
const data: StudyData = {
  run: {} as StudyData['run'],
  tasks: ['a', 'b'],
  groups: ['prompt'],
  learning: { grid, featureVersion: 1, featureNames: [], signatures: {}, samples: 5, surfaces: [] },
  test,
  references: { a: { bestQuality: 50, worstSelfBleu: 80 }, b: { bestQuality: 100, worstSelfBleu: 100 } },
  digest: '',
}

/** Every prompt at one T0, told by the fit's seed, in tenths. */
const predictionsOf = ({ seed, tasks }: FitSpec) => {
  const cell: Cell = { t0: seed / 10, theta: 0 }
  return {
    ...{ trainPrompts: tasks === undefined ? 100 : 40, backend: 'cpu', bestFixed: { t0: 1, theta: 0 } },
    cells: test.map(() => cell),
  }
}

const at = (label: string, seeds: number[], task?: string): StudyPlan['rows'][number] => ({
  label,
  ...(task === undefined ? {} : { task }),
  replicates: seeds.map((seed) => () => ({ seed })),
})

const judge = (rows: StudyPlan['rows'], reference: string) =>
  judgeRows(data, { question: '', reference, rows }, { resamples: 500, seed: 1, predictionsOf })

/** EDA by the definition, of the task's prompts at a place between the first cell (0) and the last (2). */
function edaByHand(place: number, task?: string): number {
  const prompts = test.filter((surface) => task === undefined || surface.task === task)
  let [quality, selfBleu] = [0, 0]
  for (const prompt of prompts) {
    const { bestQuality, worstSelfBleu } = data.references[prompt.task]
    quality += (prompt.quality[0] - 10 * place) / bestQuality / prompts.length
    selfBleu += (prompt.selfBleu[0] - 20 * place) / worstSelfBleu / prompts.length
  }
  return 100 * Math.sqrt(((1 - quality) ** 2 + selfBleu ** 2) / 2)
}

describe('judging the rows of a study', () => {
  it('reads each prompt at its prediction, also between cells, in units of its task', () => {
    const [cool, between] = judge([at('cool', [5]), at('between', [12])], 'cool')
    expect(cool.eda.value).toBeCloseTo(edaByHand(0), 4)
    expect(between.eda.value).toBeCloseTo(edaByHand(1.4), 4)
    expect(between.bestFixed.value).toBeCloseTo(edaByHand(1), 4)
    expect(between.versusBestFixed.difference).toBeCloseTo(edaByHand(1.4) - edaByHand(1), 4)
    expect(between.versusReference?.difference).toBeCloseTo(edaByHand(1.4) - edaByHand(0), 4)
    expect(cool).not.toHaveProperty('versusReference')
    const [from, to] = between.eda.interval
    expect(from).toBeLessThan(between.eda.value)
    expect(to).toBeGreaterThan(between.eda.value)
    expect(between).toMatchObject({ prompts: 6, trainPrompts: 100, bestFixedCells: [{ t0: 1, theta: 0 }] })
  })

  it('takes the mean over the fits of a row, of their EDA too', () => {
    const [both] = judge([at('both', [5, 15])], 'both')
    expect(both.eda.value).toBeCloseTo((edaByHand(0) + edaByHand(2)) / 2, 4)
    expect(both.edaOfFits[0]).toBeCloseTo(edaByHand(0), 4)
    expect(both.edaOfFits[1]).toBeCloseTo(edaByHand(2), 4)
  })

  it('finds no difference between rows that predict the same', () => {
    const [, same] = judge([at('one', [5]), at('other', [5])], 'one')
    expect(same.versusReference).toEqual({ difference: 0, interval: [0, 0], p: 1, pHolm: 1 })
  })

  it('compares a row of one task with the reference on that task, and shows quality and Self-BLEU in its own unit', () => {
    const rows = judge([at('cool', [5]), at('hot', [15]), at('cool', [5], 'a'), at('hot', [15], 'a')], 'cool')
    expect(rows[3]).toMatchObject({ label: 'hot', task: 'a', prompts: 3 })
    expect(rows[3].eda.value).toBeCloseTo(edaByHand(2, 'a'), 4)
    expect(rows[3].versusReference?.difference).toBeCloseTo(edaByHand(2, 'a') - edaByHand(0, 'a'), 4)
    expect(rows[3].quality.value).toBeCloseTo(21, 4)
    expect(rows[3].selfBleu.value).toBeCloseTo(22, 4)
    expect(rows[1].versusReference?.difference).toBeCloseTo(edaByHand(2) - edaByHand(0), 4)
  })

  it('can have another tuner for each task', () => {
    const replicates = [(task: string) => ({ tasks: [task], seed: task === 'a' ? 5 : 15 })]
    const [own, hot] = judge([{ label: 'own', replicates }, at('hot', [15])], 'hot')
    const [onA, onB] = judge([at('x', [5], 'a'), at('x', [15], 'b')], 'x')
    expect(own.quality.value).toBeCloseTo(100 * (0.5 * (onA.quality.value / 50) + 0.5 * (onB.quality.value / 100)), 4)
    expect(own.trainPrompts).toBe(40)
    expect(own.versusReference?.pHolm).toBeLessThan(0.05)
    expect(hot.trainPrompts).toBe(100)
  })
})
