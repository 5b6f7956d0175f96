import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LabelledPoint, overlap, placeLabels } from './place-labels.js'

const options = { width: 800, height: 400, fontSize: 11, obstacles: [] }

/** Every label must be inside, beside its point, and hide nothing. */
function problems(points: readonly LabelledPoint[]): string[] {
  const labels = placeLabels(points, options)
  const found: string[] = []
  for (const [i, { text, box }] of labels.entries()) {
    if (box.x0 < 0 || box.y0 < 0 || box.x1 > 800 || box.y1 > 400) found.push(`${text} is cut off`)
    for (const other of labels.slice(i + 1)) {
      if (overlap(box, other.box) > 0) found.push(`${text} hides ${other.text}`)
    }
    for (const { x, y, text: name } of points) {
      if (overlap(box, { x0: x - 4, x1: x + 4, y0: y - 4, y1: y + 4 }) > 0)
        found.push(`${text} hides the point ${name}`)
    }
  }
  return found
}

describe('placeLabels', () => {
  it('finds room for the names of a dozen points in a heap', () => {
    const heap = Array.from({ length: 12 }, (_, i) => ({
      text: `strategy number ${i}`,
      x: 400 + 30 * Math.cos(i * 2.4) * Math.sqrt(i),
      y: 200 + 12 * Math.sin(i * 2.4) * Math.sqrt(i),
    }))
    expect(problems(heap)).toEqual([])
  })

  it('stays inside when points lie at the edges', () => {
    const coordinate = (max: number) => fc.constantFrom(0, max)
    fc.assert(
      fc.property(coordinate(800), coordinate(400), (x, y) => {
        expect(problems([{ text: 'best fixed EDT per task', x, y }])).toEqual([])
      }),
    )
  })
})
