import type { TopLevelSpec } from 'vega-lite'
import type { Interval } from '../../ablate/bootstrap.js'
import type { AblationResult, ScopeResult } from '../../ablate/types.js'
import { BASELINE, type Scope, scopesOf, strategyOf } from '../scopes.js'
import { contourLabels, edaContours, type PlaneDomain } from './contours.js'
import { pageColor, strategyMarks } from './style.js'

const ORACLE = 'oracle'

interface PlanePoint {
  strategy: string
  x: number
  y: number
  xInterval: Interval
  yInterval: Interval
}

/**
 * Quality over Self-BLEU, one panel for each task and one for all together: every strategy with its 95 % intervals, and lines of equal EDA. Up and
 * to the left is better.
 */
export function planeSpec(result: AblationResult): TopLevelSpec {
  const scopes = scopesOf(result)
  const ids = result.overall.strategies.map(({ id }) => id)
  const names = result.overall.strategies.map(({ label }) => label)
  if (scopes.some((scope) => scope.result.headroom !== undefined)) {
    ids.push(ORACLE)
    names.push('oracle')
  }
  const marks = strategyMarks(ids)
  const scale = { domain: names }
  const legend = {
    title: null,
    orient: 'top' as const,
    columns: 4,
    labelLimit: 240,
    symbolSize: 110,
    symbolStrokeWidth: 1.5,
    symbolOpacity: 1,
  }
  const panels = scopes.map((scope) => {
    const points = pointsOf(scope.result)
    const domain = domainOf(points)
    const contours = edaContours(scope.result.reference, domain)
    const labels = contourLabels(scope.result.reference, domain).map((label, i) => ({
      ...label,
      text: i === 0 ? `EDA ${label.level}` : `${label.level}`,
    }))
    const x = {
      field: 'x',
      type: 'quantitative' as const,
      scale: { domain: domain.x, nice: false },
      title: scope.selfBleuLabel,
    }
    const y = {
      field: 'y',
      type: 'quantitative' as const,
      scale: { domain: domain.y, nice: false },
      title: scope.qualityLabel,
    }
    const color = {
      field: 'strategy',
      type: 'nominal' as const,
      scale: { ...scale, range: marks.map((mark) => mark.color) },
      legend,
    }
    const shape = {
      field: 'strategy',
      type: 'nominal' as const,
      scale: { ...scale, range: marks.map((mark) => mark.shape) },
      legend,
    }
    return {
      title: { text: panelTitle(scope), offset: 20 },
      width: scopes.length === 1 ? 420 : 250,
      height: scopes.length === 1 ? 320 : 200,
      layer: [
        {
          data: { values: contours },
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
        {
          data: { values: points },
          mark: { type: 'rule' as const, strokeWidth: 1.5, opacity: 0.8 },
          encoding: {
            x: { ...x, field: 'xInterval[0]' },
            x2: { field: 'xInterval[1]' },
            y,
            color,
          },
        },
        {
          data: { values: points },
          mark: { type: 'rule' as const, strokeWidth: 1.5, opacity: 0.8 },
          encoding: { x, y: { ...y, field: 'yInterval[0]' }, y2: { field: 'yInterval[1]' }, color },
        },
        {
          data: { values: points },
          mark: { type: 'point' as const, filled: true, size: 85, opacity: 1 },
          encoding: { x, y, color, shape },
        },
      ],
    }
  })
  // Four panels stand better two by two than three and one.
  return { columns: panels.length === 4 ? 2 : 3, spacing: { row: 26, column: 22 }, concat: panels }
}

function panelTitle({ name, result }: Scope): string {
  return `${name} (${result.prompts} prompts)`
}

function pointsOf(result: ScopeResult): PlanePoint[] {
  const points = result.strategies.map(({ label, quality, selfBleu }) => ({
    strategy: label,
    x: selfBleu.value,
    y: quality.value,
    xInterval: selfBleu.interval,
    yInterval: quality.interval,
  }))
  return result.headroom === undefined ? points : [...points, oraclePoint(result, result.headroom)]
}

/**
 * The oracle ran on some of the prompts alone, which may be easier or harder than the others. It stands where it would stand if it were as far from
 * the best fixed EDT on all prompts as it is on its own; its interval is that on its own prompts, moved along.
 */
function oraclePoint(result: ScopeResult, { bestFixed, oracle }: NonNullable<ScopeResult['headroom']>): PlanePoint {
  const whole = strategyOf(result, BASELINE)
  const shiftX = whole.selfBleu.value - bestFixed.selfBleu.value
  const shiftY = whole.quality.value - bestFixed.quality.value
  const moved = ([from, to]: Interval, by: number): Interval => [from + by, to + by]
  return {
    strategy: 'oracle',
    x: oracle.selfBleu.value + shiftX,
    y: oracle.quality.value + shiftY,
    xInterval: moved(oracle.selfBleu.interval, shiftX),
    yInterval: moved(oracle.quality.interval, shiftY),
  }
}

/** Everything drawn, and a margin. */
function domainOf(points: readonly PlanePoint[]): PlaneDomain {
  const around = (intervals: Interval[]): [number, number] => {
    const low = Math.min(...intervals.map(([from]) => from))
    const high = Math.max(...intervals.map(([, to]) => to))
    const margin = 0.06 * (high - low || 1)
    return [low - margin, high + margin]
  }
  return { x: around(points.map(({ xInterval }) => xInterval)), y: around(points.map(({ yInterval }) => yInterval)) }
}
