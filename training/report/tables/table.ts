import type { Interval } from '../../ablate/bootstrap.js'
import type { Estimate } from '../../ablate/types.js'
import { decimal, estimate, integer, interval, pValue, signed } from '../numbers.js'

export type Value = string | number | boolean | null

/** A table before it is text, Markdown, HTML, CSV or JSON. */
export interface Table {
  /** Name of its files without `.csv` and `.json`. @example 'strategies-all-tasks' */
  name: string
  title: string
  columns: Column[]
  rows: Cell[][]
  /** Index of the row to set off. */
  highlight?: number
  /** A line below the table. */
  note?: string
}

export interface Column {
  /** Name of its field in CSV and JSON. @example 'self_bleu' */
  key: string
  label: string
  align: 'left' | 'right'
}

/**
 * What people read, and what programs read: one value for the column's key, or several, whose names are put behind the key
 * (`eda`, `eda_low`, `eda_high`; the name '' is the key itself).
 */
export interface Cell {
  text: string
  data: Value | Record<string, Value>
}

export const left = (key: string, label: string): Column => ({ key, label, align: 'left' })
export const right = (key: string, label: string): Column => ({ key, label, align: 'right' })

export const textCell = (text: string): Cell => ({ text, data: text })
/** There is no number: an empty cell, null for programs. */
export const emptyCell: Cell = { text: '', data: null }

/** @param format how people read it; programs get all digits */
export function numberCell(value: number | null | undefined, format: (value: number) => string = decimal): Cell {
  return value === undefined || value === null ? emptyCell : { text: format(value), data: value }
}

export const integerCell = (value: number | undefined) => numberCell(value, integer)
export const pCell = (value: number | undefined) => numberCell(value, pValue)

/** @param narrow show the value alone; programs get the interval all the same */
export function estimateCell(value: Estimate, narrow = false): Cell {
  return { text: narrow ? decimal(value.value) : estimate(value), data: intervalData(value.value, value.interval) }
}

/** A difference with its sign, and its interval. */
export function differenceCell(value: number, range: Interval): Cell {
  return { text: `${signed(value)} ${interval(range, signed)}`, data: intervalData(value, range) }
}

/** null at an end of an interval that is open there. */
export function intervalData(value: number | null, [low, high]: readonly [number | null, number | null]) {
  return { '': value, low, high }
}
