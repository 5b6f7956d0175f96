import { describe, expect, it } from 'vitest'
import { tableCsv, tableJson } from './files.js'
import { differenceCell, emptyCell, estimateCell, left, numberCell, right, type Table, textCell } from './table.js'

const table: Table = {
  name: 'scores',
  title: 'Scores',
  columns: [left('strategy', 'strategy'), right('eda', 'EDA'), right('gain', 'gain'), right('speed', 'tokens/s')],
  rows: [
    [
      textCell('top-p, "0.9"'),
      estimateCell({ value: 28.512345, interval: [27.1, 29.9] }),
      differenceCell(-0.87654321, [-1.3, -0.5]),
      numberCell(210.44),
    ],
    [textCell('greedy\nagain'), estimateCell({ value: 85, interval: [84, 86] }, true), emptyCell, emptyCell],
  ],
  note: 'A note.',
}

describe('tableCsv', () => {
  it('has all digits, a field for each end of an interval, and nothing where there is no number', () => {
    expect(tableCsv(table)).toBe(
      [
        'strategy,eda,eda_low,eda_high,gain,gain_low,gain_high,speed',
        '"top-p, ""0.9""",28.512345,27.1,29.9,-0.87654321,-1.3,-0.5,210.44',
        '"greedy\nagain",85,84,86,,,,',
        '',
      ].join('\n'),
    )
  })
})

describe('tableJson', () => {
  it('has the same fields in every row, null where there is no number', () => {
    const { rows, ...rest } = JSON.parse(tableJson(table))
    expect(rest).toEqual({ name: 'scores', title: 'Scores', note: 'A note.' })
    expect(rows[0]).toMatchObject({ strategy: 'top-p, "0.9"', eda: 28.512345, gain_low: -1.3, speed: 210.44 })
    expect(rows[1]).toMatchObject({ eda: 85, eda_low: 84, gain: null, gain_high: null, speed: null })
    expect(Object.keys(rows[1])).toEqual(Object.keys(rows[0]))
  })
})
