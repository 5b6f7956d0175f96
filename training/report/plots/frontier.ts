import type { TopLevelSpec } from 'vega-lite'
import type { Interval } from '../../ablate/bootstrap.js'
import type { AblationResult, ScopeResult } from '../../ablate/types.js'
import { normalizedEda } from '../../surfaces/normalized-eda.js'
import { decimal, integer } from '../numbers.js'
import { BASELINE, type Scope, scopesOf, strategyOf } from '../scopes.js'
import type { PlaneDomain } from './contours.js'
import { type Box, placeLabels } from './place-labels.js'
import { columnsFor, contourLayers, intervalLayers, type PlanePoint, planeAxes, planeDomain } from './plane.js'
import { pageColor, type StrategyMark, strategyMarks } from './style.js'

// The same in every panel, or Vega-Lite would not make one legend of them.
const legend = {
  title: null,
  orient: 'bottom' as const,
  columns: 4,
  labelLimit: 240,
  symbolSize: 90,
  symbolStrokeWidth: 0,
  symbolOpacity: 1,
}

const ORACLE = { id: 'oracle', label: 'oracle' }

/** The panel of all tasks, in which every point has its name. */
const LARGE = { width: 830, height: 430, fontSize: 11 }
const SMALL = { width: 222, height: 190 }

/** A point whose EDA is above this multiple of the least one is named below the title, and not drawn: it would squeeze all others. */
const WORST_SHOWN = 1.6

interface StrategyPoint extends PlanePoint {
  strategy: string
  eda: number
}

/**
 * Quality over Self-BLEU, a large panel for all tasks together and a small one for each: every strategy with its 95 % intervals, and lines of equal
 * EDA. Up and to the left is better.
 */
export function frontierSpec(result: AblationResult): TopLevelSpec {
  const [first, ...tasks] = scopesOf(result)
  const strategies: { id: string; label: string }[] = [...result.overall.strategies]
  if ([first, ...tasks].some((scope) => scope.result.headroom !== undefined)) strategies.push(ORACLE)
  const names = strategies.map(({ label }) => label)
  const marks = strategyMarks(strategies.map(({ id }) => id))
  const large = panel(first, names, marks, LARGE)
  if (tasks.length === 0) return large
  const small = tasks.map((task) => panel(task, names, marks, SMALL))
  return {
    spacing: 30,
    vconcat: [large, { columns: columnsFor(small.length), spacing: { row: 26, column: 24 }, concat: small }],
  }
}

function panel(scope: Scope, names: string[], marks: StrategyMark[], size: typeof LARGE | typeof SMALL) {
  const all = pointsOf(scope.result)
  const least = Math.min(...all.map(({ eda }) => eda))
  const points = all.filter(({ eda }) => eda <= WORST_SHOWN * least)
  const beyond = all.filter((point) => !points.includes(point))
  const domain = planeDomain(points)
  const { x, y } = planeAxes(scope, domain)
  const color = {
    field: 'strategy',
    type: 'nominal' as const,
    scale: { domain: names, range: marks.map((mark) => mark.color) },
    legend,
  }
  const shape = {
    field: 'strategy',
    type: 'nominal' as const,
    scale: { domain: names, range: marks.map((mark) => mark.shape) },
    legend,
  }
  return {
    title: {
      text: `${scope.name} (${integer(scope.result.prompts)} prompts)`,
      // Without the offset the numbers of the contours run into the title.
      offset: 20,
      ...(beyond.length === 0 ? {} : { subtitle: beyondText(beyond, 'fontSize' in size) }),
    },
    width: size.width,
    height: size.height,
    layer: [
      ...contourLayers(scope, domain),
      ...intervalLayers(points, { x, y }, color, { strokeWidth: 1.3, opacity: 0.55 }),
      {
        data: { values: points },
        mark: { type: 'point' as const, filled: true, size: 'fontSize' in size ? 100 : 70, opacity: 1 },
        encoding: { x, y, color, shape },
      },
      ...('fontSize' in size ? labelLayers(points, scope, domain, size) : []),
    ],
  }
}

/** What is left out of a panel, by name. */
function beyondText(points: readonly StrategyPoint[], long: boolean): string {
  const named = points.map(({ strategy, x, y, eda }) =>
    long ? `${strategy} (Self-BLEU ${decimal(x)}, quality ${decimal(y)}, EDA ${decimal(eda)})` : strategy,
  )
  return `outside: ${named.join(', ')}`
}

/** The name of each point beside it, joined by a line where there was no room. */
function labelLayers(
  points: readonly StrategyPoint[],
  scope: Scope,
  domain: PlaneDomain,
  { width, height, fontSize }: typeof LARGE,
) {
  const { x, y } = planeAxes(scope, domain)
  const [xSpan, ySpan] = [domain.x[1] - domain.x[0], domain.y[1] - domain.y[0]]
  const across = (value: number) => ((value - domain.x[0]) / xSpan) * width
  const down = (value: number) => ((domain.y[1] - value) / ySpan) * height
  const bars = points.flatMap((point): Box[] => {
    const [cx, cy] = [across(point.x), down(point.y)]
    return [
      { x0: across(point.xInterval[0]), x1: across(point.xInterval[1]), y0: cy - 1, y1: cy + 1 },
      { x0: cx - 1, x1: cx + 1, y0: down(point.yInterval[1]), y1: down(point.yInterval[0]) },
    ]
  })
  const places = points.map((point) => ({ text: point.strategy, x: across(point.x), y: down(point.y) }))
  const inPlane = (px: number, py: number) => ({
    x: domain.x[0] + (px / width) * xSpan,
    y: domain.y[1] - (py / height) * ySpan,
  })
  const labels = placeLabels(places, { width, height, fontSize, obstacles: bars })
  const leaders = labels.flatMap(({ far, box, ...point }) => {
    if (!far) return []
    const end = inPlane(clamp(point.x, box.x0, box.x1), clamp(point.y, box.y0, box.y1))
    return [{ ...inPlane(point.x, point.y), toX: end.x, toY: end.y }]
  })
  return [
    {
      data: { values: leaders },
      mark: { type: 'rule' as const, color: pageColor, opacity: 0.5, strokeWidth: 0.8 },
      encoding: { x, y, x2: { field: 'toX' }, y2: { field: 'toY' } },
    },
    {
      data: { values: labels.map(({ text, box }) => ({ text, ...inPlane(box.x0, (box.y0 + box.y1) / 2) })) },
      mark: { type: 'text' as const, align: 'left' as const, baseline: 'middle' as const, color: pageColor, fontSize },
      encoding: { x, y, text: { field: 'text' } },
    },
  ]
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

function pointsOf(result: ScopeResult): StrategyPoint[] {
  const points = result.strategies.map(({ label, quality, selfBleu, eda }) => ({
    strategy: label,
    x: selfBleu.value,
    y: quality.value,
    xInterval: selfBleu.interval,
    yInterval: quality.interval,
    eda: eda.value,
  }))
  return result.headroom === undefined ? points : [...points, oraclePoint(result, result.headroom)]
}

/**
 * The oracle ran on some of the prompts alone, which may be easier or harder than the others. It stands where it would stand if it were as far from
 * the best fixed EDT on all prompts as it is on its own; its interval is that on its own prompts, moved along.
 */
function oraclePoint(result: ScopeResult, { bestFixed, oracle }: NonNullable<ScopeResult['headroom']>): StrategyPoint {
  const whole = strategyOf(result, BASELINE)
  const shiftX = whole.selfBleu.value - bestFixed.selfBleu.value
  const shiftY = whole.quality.value - bestFixed.quality.value
  const moved = ([from, to]: Interval, by: number): Interval => [from + by, to + by]
  const { bestQuality, worstSelfBleu } = result.reference
  const [x, y] = [oracle.selfBleu.value + shiftX, oracle.quality.value + shiftY]
  return {
    strategy: ORACLE.label,
    x,
    y,
    xInterval: moved(oracle.selfBleu.interval, shiftX),
    yInterval: moved(oracle.quality.interval, shiftY),
    eda: normalizedEda(y / bestQuality, x / worstSelfBleu),
  }
}
