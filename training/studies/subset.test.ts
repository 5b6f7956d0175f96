import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SplitName } from '../../src/tasks/types.js'
import type { PromptSurface } from '../types.js'
import { drawSubset } from './subset.js'

function prompts(counts: Record<string, Partial<Record<SplitName, number>>>): PromptSurface[] {
  const nothing = { features: new Float32Array(0), quality: new Float32Array(0), selfBleu: new Float32Array(0) }
  return Object.entries(counts).flatMap(([task, splits]) =>
    Object.entries(splits).flatMap(([split, count]) =>
      Array.from({ length: count }, (_, i) => {
        return { promptId: `${task}/${split}/${i}`, task, split: split as SplitName, ...nothing }
      }),
    ),
  )
}

const counted = (surfaces: readonly PromptSurface[]) => {
  const counts: Record<string, number> = {}
  for (const { task, split } of surfaces) counts[`${task} ${split}`] = (counts[`${task} ${split}`] ?? 0) + 1
  return counts
}

describe('drawing a subset of prompts', () => {
  const all = prompts({ a: { train: 300, validation: 60 }, b: { train: 100, validation: 20 } })

  it('keeps the shares of the tasks, and as large a share of the validation prompts', () => {
    const some = drawSubset(all, { prompts: 40, draw: 0, seed: 1 })
    expect(counted(some)).toEqual({ 'a train': 30, 'a validation': 6, 'b train': 10, 'b validation': 2 })
    expect(all.filter((surface) => some.includes(surface))).toEqual(some)
  })

  it('keeps at least one prompt of each task and split', () => {
    const lopsided = prompts({ a: { train: 500, validation: 50 }, b: { train: 3, validation: 1 } })
    const some = drawSubset(lopsided, { prompts: 10, draw: 0, seed: 1 })
    expect(counted(some)).toMatchObject({ 'b train': 1, 'b validation': 1 })
  })

  it('keeps everything when there are no more prompts than that', () => {
    expect(drawSubset(all, { prompts: 400, draw: 2, seed: 1 })).toEqual(all)
  })

  it('has as many prompts as asked for, and lies within larger subsets of the same draw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 2, max: 400 }), fc.nat(9), (a, b, draw) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)].map((count) =>
          drawSubset(all, { prompts: count, draw, seed: 3 }).filter(({ split }) => split === 'train'),
        )
        expect(few).toHaveLength(Math.min(a, b))
        expect(many).toHaveLength(Math.max(a, b))
        expect(few.filter((surface) => !many.includes(surface))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('is another one for another draw or seed', () => {
    const ids = (draw: number, seed: number) =>
      drawSubset(all, { prompts: 40, draw, seed }).map(({ promptId }) => promptId)
    expect(ids(0, 1)).toEqual(ids(0, 1))
    expect(ids(1, 1)).not.toEqual(ids(0, 1))
    expect(ids(0, 2)).not.toEqual(ids(0, 1))
  })
})
