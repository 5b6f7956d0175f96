import { stringify } from 'csv-stringify/sync'
import type { Cell, Column, Table, Value } from './table.js'

/** A table for programs: `name`, `title`, `note` and one object a row, with the same fields as the CSV. */
export function tableJson(table: Table): string {
  const { name, title, note } = table
  return `${JSON.stringify({ name, title, ...(note === undefined ? {} : { note }), rows: records(table) }, null, 2)}\n`
}

/**
 * A table as CSV (RFC 4180, UTF-8 without BOM, lines end in LF): a field a column, further ones for the ends of intervals
 * (`eda,eda_low,eda_high`). Numbers have all their digits; nothing stands where there is none.
 */
export function tableCsv(table: Table): string {
  const rows = records(table)
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return stringify(rows, { header: true, columns: fields, cast: { boolean: String } })
}

function records({ columns, rows }: Table): Record<string, Value>[] {
  const suffixes = columns.map((_, i) => [...new Set(rows.flatMap((row) => suffixesOf(row[i])))])
  return rows.map((row) => Object.assign({}, ...row.map((cell, i) => fieldsOf(columns[i], cell, suffixes[i]))))
}

const suffixesOf = ({ data }: Cell) => (typeof data === 'object' && data !== null ? Object.keys(data) : [])

/** An empty cell has the same fields as the others of its column. */
function fieldsOf({ key }: Column, { data }: Cell, suffixes: string[]): Record<string, Value> {
  const values = typeof data === 'object' && data !== null ? data : { '': data }
  const names = suffixes.length === 0 ? [''] : suffixes
  return Object.fromEntries(names.map((name) => [name === '' ? key : `${key}_${name}`, values[name] ?? null]))
}
