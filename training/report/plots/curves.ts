import type { TopLevelSpec } from 'vega-lite'
import type { Curve, ScopeCurves } from '../../ablate/types.js'
import { decimal, integer } from '../numbers.js'
import type { Scope } from '../scopes.js'
import { columnsFor, contourLayers, intervalLayers, planeAxes, planeDomain } from './plane.js'
import { markOf, pageColor } from './style.js'

const LARGE = { width: 830, height: 420 }
const SMALL = { width: 222, height: 190 }

// The same in every panel, or Vega-Lite would not make one legend of them.
const legend = { title: null, orient: 'top' as const, symbolSize: 90, symbolStrokeWidth: 0, symbolOpacity: 1 }

const dashes: Record<Curve['id'], number[]> = {
  'learned-edt': [1, 0],
  'fixed-edt': [7, 3],
  'fixed-temperature': [2, 3],
}

/** The curves lie close, so each has its numbers on another side. */
const labelOffsets: Record<Curve['id'], { dx: number; dy: number }> = {
  'learned-edt': { dx: -9, dy: -9 },
  'fixed-edt': { dx: 10, dy: 11 },
  'fixed-temperature': { dx: 20, dy: 1 },
}

interface Panel {
  scope: Scope
  curves: ScopeCurves
}

/**
 * Quality over Self-BLEU while balance or temperature is swept: learned EDT, fixed EDT and fixed temperature, for all tasks together and for
 * each. Crosses are 95 % intervals; numbers are balances and temperatures.
 * @param panels at least one
 */
export function curvesSpec([first, ...tasks]: Panel[]): TopLevelSpec {
  const large = panel(first, LARGE, true)
  if (tasks.length === 0) return large
  const small = tasks.map((task) => panel(task, SMALL, false))
  return {
    spacing: 30,
    vconcat: [large, { columns: columnsFor(small.length), spacing: { row: 26, column: 24 }, concat: small }],
  }
}

function panel({ scope, curves: { curves, prompts } }: Panel, size: { width: number; height: number }, large: boolean) {
  const points = curves.flatMap(({ label, id, points }) =>
    points.map(({ parameter, quality, selfBleu }, order) => ({
      curve: label,
      order,
      x: selfBleu.value,
      y: quality.value,
      xInterval: selfBleu.interval,
      yInterval: quality.interval,
      id,
      text: `${id === 'fixed-temperature' ? 'T ' : ''}${decimal(parameter, 2).replace(/0$/, '')}`,
      named: large && (id === 'learned-edt' || order === 0 || order === points.length - 1),
    })),
  )
  const domain = planeDomain(points)
  const { x, y } = planeAxes(scope, domain)
  const names = curves.map(({ label }) => label)
  const marks = curves.map(({ id }) => markOf(id))
  const field = { field: 'curve', type: 'nominal' as const }
  const color = { ...field, scale: { domain: names, range: marks.map((mark) => mark.color) }, legend }
  const shape = { ...field, scale: { domain: names, range: marks.map((mark) => mark.shape) }, legend }
  const order = { field: 'order', type: 'quantitative' as const }
  return {
    title: { text: `${scope.name} (${integer(prompts)} prompts)`, offset: 20 },
    ...size,
    layer: [
      ...contourLayers(scope, domain),
      ...intervalLayers(points, { x, y }, color, { strokeWidth: 1, opacity: 0.35 }),
      ...curves.map(({ id }) => ({
        data: { values: points.filter((point) => point.id === id) },
        mark: { type: 'line' as const, strokeWidth: 1.8, strokeDash: dashes[id] },
        encoding: { x, y, color, order },
      })),
      {
        data: { values: points },
        mark: { type: 'point' as const, filled: true, size: large ? 60 : 32, opacity: 1 },
        encoding: { x, y, color, shape },
      },
      ...curves.map(({ id }) => ({
        data: { values: points.filter((point) => point.named && point.id === id) },
        mark: { type: 'text' as const, color: pageColor, fontSize: 10.5, ...labelOffsets[id] },
        encoding: { x, y, text: { field: 'text' } },
      })),
    ],
  }
}
