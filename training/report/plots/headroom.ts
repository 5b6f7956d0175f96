import type { TopLevelSpec } from 'vega-lite'
import type { AblationResult, HeadroomResult } from '../../ablate/types.js'
import { decimal, interval, percent, shareBounds } from '../numbers.js'
import { scopesOf } from '../scopes.js'
import { namedLine, panelTitle, ROW_HEIGHT, rowAxis, wordsBeside } from './rows.js'
import { learnedColor, markOf } from './style.js'

/** Shares that are drawn, percent; intervals that reach further end in an arrow. */
const SHOWN: [number, number] = [-100, 200]
const WIDTH = 260

interface Row extends HeadroomResult {
  name: string
}

/**
 * Two panels with a row for each scope: the headroom with its interval and what learned EDT gains, in points of EDA; and the share of the headroom that
 * it gets, in percent. Where the headroom may be zero the share has no bounds: it is drawn pale, without an interval, and words say so.
 * Undefined without an oracle.
 */
export function headroomSpec(result: AblationResult): TopLevelSpec | undefined {
  const rows = scopesOf(result).flatMap(({ name, result: { headroom } }): Row[] =>
    headroom === undefined ? [] : [{ name, ...headroom }],
  )
  if (rows.length === 0) return undefined
  return { spacing: 40, hconcat: [gainPanel(rows), sharePanel(rows)] }
}

const labelsOf = (rows: readonly Row[]) => rows.map(({ name, prompts }) => `${name} (${prompts})`)

function gainPanel(rows: readonly Row[]) {
  const kinds = ['oracle: the headroom', 'learned EDT']
  const marks = [markOf('oracle'), markOf('learned-edt')]
  const points = rows.flatMap(({ headroom, bestFixed, learned }, row) => [
    { row, at: headroom, kind: kinds[0] },
    { row, at: bestFixed.eda.value - learned.eda.value, kind: kinds[1] },
  ])
  const bars = rows.map(({ headroomInterval: [from, to] }, row) => ({ row, at: from, to }))
  const ends = [0, ...points.map(({ at }) => at), ...bars.flatMap(({ at, to }) => [at, to])]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const margin = 0.05 * (high - low)
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    title: 'EDA points below the best fixed EDT',
    scale: { domain: [low - margin, high + margin], nice: false },
    axis: { tickCount: 6 },
  }
  const y = rowAxis(labelsOf(rows), true)
  const legend = { title: null, orient: 'top' as const, symbolStrokeWidth: 0, symbolOpacity: 1, symbolSize: 90 }
  const kind = (range: string[]) => ({
    field: 'kind',
    type: 'nominal' as const,
    scale: { domain: kinds, range },
    legend,
  })
  return {
    title: panelTitle('headroom, and what learned EDT gains'),
    width: WIDTH,
    height: ROW_HEIGHT * rows.length,
    layer: [
      ...namedLine(0, 'best fixed EDT', x),
      {
        data: { values: bars },
        mark: { type: 'rule' as const, strokeWidth: 2, opacity: 0.7, color: marks[0].color },
        encoding: { x, x2: { field: 'to' }, y },
      },
      {
        data: { values: points },
        mark: { type: 'point' as const, filled: true, size: 85, opacity: 1 },
        encoding: {
          x,
          y,
          color: kind(marks.map(({ color }) => color)),
          shape: kind(marks.map(({ shape }) => shape)),
        },
      },
      wordsBeside(
        rows.map(({ headroom, headroomInterval }) => `${decimal(headroom)} ${interval(headroomInterval)}`),
        y,
        WIDTH,
      ),
    ],
  }
}

function sharePanel(rows: readonly Row[]) {
  const values = rows.flatMap(({ share, interval: [from, to], headroomInterval }, row) => {
    // As in the ablation's caution: a ratio whose denominator may be zero has no bounds.
    const bounded = headroomInterval[0] > 0 && from !== null && to !== null
    if (share === null) return []
    const [low, high] = bounded ? [100 * from, 100 * to] : [100 * share, 100 * share]
    return [{ row, at: 100 * share, low, high, bounded }]
  })
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    title: 'share that learned EDT gets, %',
    scale: { domain: SHOWN, nice: false },
    axis: { values: [-100, -50, 0, 50, 100, 150, 200] },
  }
  const y = rowAxis(labelsOf(rows), false)
  const clamp = (value: number) => Math.min(Math.max(value, SHOWN[0]), SHOWN[1])
  const arrows = [
    { shape: 'triangle-left', at: SHOWN[0], of: values.filter(({ low }) => low < SHOWN[0]) },
    { shape: 'triangle-right', at: SHOWN[1], of: values.filter(({ high }) => high > SHOWN[1]) },
  ]
  const point = { type: 'point' as const, filled: true, color: learnedColor }
  const opacity = { condition: { test: 'datum.bounded', value: 1 }, value: 0.35 }
  return {
    title: panelTitle('share of the headroom'),
    width: WIDTH,
    height: ROW_HEIGHT * rows.length,
    layer: [
      ...namedLine(0, 'best fixed EDT', x),
      ...namedLine(100, 'oracle', x, { strokeDash: [4, 3] }),
      {
        data: { values: values.map(({ row, low, high }) => ({ row, at: clamp(low), to: clamp(high) })) },
        mark: { type: 'rule' as const, strokeWidth: 2, color: learnedColor },
        encoding: { x, x2: { field: 'to' }, y },
      },
      ...arrows.map(({ shape, at, of }) => ({
        data: { values: of.map((row) => ({ ...row, at })) },
        mark: { ...point, shape, size: 70 },
        encoding: { x, y, opacity },
      })),
      {
        data: { values: values.filter(({ at }) => at === clamp(at)) },
        mark: { ...point, shape: 'circle', size: 85 },
        encoding: { x, y, opacity },
      },
      wordsBeside(rows.map(shareText), y, WIDTH),
    ],
  }
}

function shareText(row: Row): string {
  return row.share === null ? 'no headroom' : `${percent(row.share)} (${shareBounds(row)})`
}
