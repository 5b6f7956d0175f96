import type { Interval } from '../../ablate/bootstrap.js'
import type { Scope } from '../scopes.js'
import { contourLabels, edaContours, type PlaneDomain } from './contours.js'
import { pageColor } from './style.js'

/** Anything with a place in the plane of Self-BLEU (x) and quality (y). */
export interface PlanePoint {
  x: number
  y: number
  xInterval: Interval
  yInterval: Interval
}

/** Everything drawn, and a margin. */
export function planeDomain(points: readonly PlanePoint[]): PlaneDomain {
  const around = (intervals: Interval[]): [number, number] => {
    const low = Math.min(...intervals.map(([from]) => from))
    const high = Math.max(...intervals.map(([, to]) => to))
    const margin = 0.06 * (high - low || 1)
    return [low - margin, high + margin]
  }
  return { x: around(points.map(({ xInterval }) => xInterval)), y: around(points.map(({ yInterval }) => yInterval)) }
}

/** The axes of a panel. */
export function planeAxes({ selfBleuLabel, qualityLabel }: Scope, { x, y }: PlaneDomain) {
  const axis = (field: 'x' | 'y', domain: [number, number], title: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain, nice: false, zero: false },
    title,
    axis: { tickCount: 6 },
  })
  return { x: axis('x', x, selfBleuLabel), y: axis('y', y, qualityLabel) }
}

/** Lines of equal EDA with their numbers at the upper and the right edge. */
export function contourLayers(scope: Scope, domain: PlaneDomain) {
  const { x, y } = planeAxes(scope, domain)
  const labels = contourLabels(scope.result.reference, domain).map((label, i) => ({
    ...label,
    text: i === 0 ? `EDA ${label.level}` : `${label.level}`,
  }))
  return [
    {
      data: { values: edaContours(scope.result.reference, domain) },
      mark: { type: 'line' as const, color: pageColor, opacity: 0.28, strokeWidth: 1, clip: true },
      encoding: { x, y, detail: { field: 'level' }, order: { field: 'order', type: 'quantitative' as const } },
    },
    ...(['top', 'right'] as const).map((edge) => ({
      data: { values: labels.filter((label) => label.edge === edge) },
      mark: {
        type: 'text' as const,
        color: pageColor,
        opacity: 0.65,
        fontSize: 9.5,
        ...(edge === 'top' ? { dy: -7 } : { dx: 4, align: 'left' as const }),
      },
      encoding: { x, y, text: { field: 'text' } },
    })),
  ]
}

/** The two intervals of each point as a cross. */
export function intervalLayers<Color>(
  points: readonly PlanePoint[],
  { x, y }: ReturnType<typeof planeAxes>,
  color: Color,
  style: { strokeWidth: number; opacity: number },
) {
  const data = { values: [...points] }
  const mark = { type: 'rule' as const, ...style }
  return [
    { data, mark, encoding: { x: { ...x, field: 'xInterval[0]' }, x2: { field: 'xInterval[1]' }, y, color } },
    { data, mark, encoding: { x, y: { ...y, field: 'yInterval[0]' }, y2: { field: 'yInterval[1]' }, color } },
  ]
}

/** Columns in which panels stand best: two by two rather than three and one. */
export function columnsFor(panels: number): number {
  return panels === 4 || panels === 2 ? 2 : 3
}
