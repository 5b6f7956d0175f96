import { pageColor } from './style.js'

/** Height of a row in pixels. */
export const ROW_HEIGHT = 30

/**
 * A y axis with a row for each label, from top to bottom; the field `row` holds its index.
 * @param shown false for a panel beside another one that has the labels
 */
export function rowAxis(labels: readonly string[], shown: boolean) {
  return {
    field: 'row',
    type: 'quantitative' as const,
    title: null,
    scale: { domain: [labels.length - 0.5, -0.5], nice: false },
    axis: {
      grid: false,
      ticks: false,
      domain: false,
      labels: shown,
      labelPadding: 8,
      labelLimit: 320,
      values: labels.map((_, i) => i),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
    },
  }
}

/** The numbers of each row in words, in a column to the right of a panel `width` pixels wide. */
export function wordsBeside(texts: readonly string[], y: ReturnType<typeof rowAxis>, width: number) {
  return {
    data: { values: texts.map((text, row) => ({ row, text })) },
    mark: { type: 'text' as const, color: pageColor, fontSize: 10.5, align: 'left' as const },
    encoding: { x: { value: width + 12 }, y, text: { field: 'text' } },
  }
}

/** A vertical line at a value of the field `at`, with its name above the panel. */
export function namedLine<X>(at: number, name: string, x: X, style: { color?: string; strokeDash?: number[] } = {}) {
  const data = { values: [{ at, name }] }
  return [
    {
      data,
      mark: { type: 'rule' as const, color: pageColor, opacity: 0.7, strokeWidth: 1.2, ...style },
      encoding: { x },
    },
    {
      data,
      mark: { type: 'text' as const, color: pageColor, opacity: 0.75, fontSize: 10 },
      encoding: { x, y: { value: -9 }, text: { field: 'name' } },
    },
  ]
}

/** A title that leaves room for the names of lines. */
export const panelTitle = (text: string) => ({ text, offset: 24 })
