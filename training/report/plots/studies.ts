import type { TopLevelSpec } from 'vega-lite'
import type { EdaDifference } from '../../ablate/bootstrap.js'
import type { StudyResult, StudyRow } from '../../studies/types.js'
import { interval, signed } from '../numbers.js'
import { namedLine, panelTitle, ROW_HEIGHT, rowAxis, wordsBeside } from './rows.js'
import { bestFixedColor, learnedColor, pageColor } from './style.js'

const names = ['tuner', 'best fixed EDT']
const legend = { title: null, orient: 'top' as const, symbolOpacity: 1, symbolSize: 90, symbolStrokeWidth: 0 }

/** EDA of the tuner and of the best fixed EDT over the study's axis, with 95 % intervals; a dot for each fit. */
export function learningCurveSpec({ axis, rows }: StudyResult): TopLevelSpec {
  const { label, scale } = axis!
  const places = rows.map(({ x }) => x!)
  const [low, high] = [Math.min(...places), Math.max(...places)]
  const log = scale === 'log' && low > 0
  // A little to the left and to the right, so that one interval does not hide the other.
  const beside = (x: number, side: -1 | 1) =>
    log ? x * (high / low) ** (0.008 * side) : x + 0.008 * side * (high - low)
  const points = rows.flatMap(({ x, eda, bestFixed }) => [
    { x: beside(x!, -1), kind: names[0], eda: eda.value, from: eda.interval[0], to: eda.interval[1] },
    { x: beside(x!, 1), kind: names[1], eda: bestFixed.value, from: bestFixed.interval[0], to: bestFixed.interval[1] },
  ])
  const fits = rows.flatMap(({ x, edaOfFits }) => edaOfFits.map((eda) => ({ x: beside(x!, -1), eda })))
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: label,
    scale: {
      type: log ? ('log' as const) : ('linear' as const),
      nice: false,
      domain: log ? [low / 1.15, high * 1.15] : [low - 0.05 * (high - low), high + 0.05 * (high - low)],
    },
    axis: { values: places, grid: false, format: ',', labelOverlap: true },
  }
  const y = {
    field: 'eda',
    type: 'quantitative' as const,
    title: 'corpus EDA (lower is better)',
    scale: { zero: false, nice: true },
  }
  const field = { field: 'kind', type: 'nominal' as const }
  const color = { ...field, scale: { domain: names, range: [learnedColor, bestFixedColor] }, legend }
  const shape = { ...field, scale: { domain: names, range: ['circle', 'diamond'] }, legend }
  return {
    width: 420,
    height: 240,
    data: { values: points },
    layer: [
      ...names.map((name, i) => ({
        data: { values: points.filter(({ kind }) => kind === name) },
        mark: { type: 'line' as const, strokeWidth: 1.8, strokeDash: i === 0 ? [1, 0] : [6, 3] },
        encoding: { x, y, color },
      })),
      {
        mark: { type: 'rule', strokeWidth: 1.3, opacity: 0.55 },
        encoding: { x, y: { ...y, field: 'from' }, y2: { field: 'to' }, color },
      },
      { mark: { type: 'point', filled: true, size: 75, opacity: 1 }, encoding: { x, y, color, shape } },
      {
        data: { values: fits },
        mark: { type: 'tick', orient: 'horizontal', color: pageColor, opacity: 0.6, size: 9, thickness: 1 },
        encoding: { x, y },
      },
    ],
  }
}

/** The difference of each row to the study's reference and to the best fixed EDT, with 95 % intervals. */
export function studyDifferencesSpec({ reference, rows }: StudyResult): TopLevelSpec {
  const byTask = rows.some(({ task }) => task !== undefined)
  const labels = rows.map(({ task, label }) => (byTask ? `${task ?? 'all tasks'}: ${label}` : label))
  const panels: DifferencePanel[] = [
    { title: reference, of: ({ versusReference }) => versusReference, color: learnedColor, shape: 'circle' },
    { title: 'best fixed EDT', of: ({ versusBestFixed }) => versusBestFixed, color: bestFixedColor, shape: 'diamond' },
  ]
  const ends = rows.flatMap((row) => panels.flatMap(({ of }) => of(row)?.interval ?? []))
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const domain: [number, number] = [low - 0.06 * (high - low), high + 0.06 * (high - low)]
  return { spacing: 40, hconcat: panels.map((panel, i) => differencePanel(panel, rows, labels, domain, i === 0)) }
}

interface DifferencePanel {
  /** What the rows are compared with. */
  title: string
  of: (row: StudyRow) => EdaDifference | undefined
  color: string
  shape: string
}

function differencePanel(
  { title, of, color, shape }: DifferencePanel,
  rows: readonly StudyRow[],
  labels: readonly string[],
  domain: [number, number],
  first: boolean,
) {
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    title: 'difference of EDA (below zero is better)',
    scale: { domain, nice: false },
    axis: { tickCount: 6 },
  }
  const y = rowAxis(labels, first)
  const two = (value: number) => signed(value, 2)
  const differences = rows.map(of)
  const values = differences.flatMap((difference, row) =>
    difference === undefined
      ? []
      : [{ row, at: difference.difference, from: difference.interval[0], to: difference.interval[1] }],
  )
  return {
    title: panelTitle(`against ${title}`),
    width: 230,
    height: ROW_HEIGHT * rows.length,
    layer: [
      ...namedLine(0, 'no difference', x),
      {
        data: { values },
        mark: { type: 'rule' as const, strokeWidth: 2, opacity: 0.7, color },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' }, y },
      },
      {
        data: { values },
        mark: { type: 'point' as const, filled: true, size: 75, opacity: 1, color, shape },
        encoding: { x, y },
      },
      wordsBeside(
        differences.map((difference) =>
          difference === undefined
            ? 'reference'
            : `${two(difference.difference)} ${interval(difference.interval, two)}`,
        ),
        y,
        230,
      ),
    ],
  }
}
