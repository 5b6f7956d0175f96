import { cellOf, positionOf } from '../../../tuner/grid.js'
import type { Cell, Grid } from '../../../tuner/types.js'
import { edaOfCells } from '../shared/surface.js'
import type { TaskSurface } from '../shared/types.js'
import { viridis } from '../shared/viridis.js'
import { setAttributes, svg } from './dom.js'

/** A setting to show on the map. */
export interface MapMark extends Cell {
  kind: 'edt' | 'fixed' | 'best'
}

const CELL = { width: 50, height: 27 }
const LEFT = 44
const TOP = 6
/** EDA points above the best cell at which the colour no longer changes: beyond it nobody wants to decode. */
const WORST_SHOWN = 30

/**
 * EDA of every cell of the grid, as a table that is drawn: the arrow keys go from cell to cell, Enter or a click takes a cell's T0 and θ.
 * Settings are marked where they lie between the cells.
 */
export class HeatMap {
  readonly host: SVGSVGElement
  readonly #cells: SVGGElement[]
  readonly #marks = svg('g')
  #focused = 0

  /** @param onFocus told the cell with the focus or under the pointer, and undefined when there is none any more */
  constructor(
    private readonly grid: Grid,
    onFocus: (cell: number | undefined) => void,
    onTake: (cell: number) => void,
  ) {
    const { t0, theta } = grid
    const [width, height] = [LEFT + theta.length * CELL.width + 8, TOP + t0.length * CELL.height + 76]
    this.#cells = t0.flatMap((_, row) => theta.map((_, column) => this.#cell(row, column)))
    const rows = t0.map((_, row) => {
      const cells = this.#cells.slice(row * theta.length, (row + 1) * theta.length)
      return svg('g', { role: 'row' }, ...cells)
    })
    const table = svg('g', { role: 'grid', 'aria-label': 'EDA by T0 and θ, lower is better' }, ...rows.reverse())
    this.host = svg('svg', { role: 'group', viewBox: `0 0 ${width} ${height}`, width, height })
    this.host.append(table, ...this.#axes(), ...colourScale(TOP + t0.length * CELL.height + 56), this.#marks)
    const cellOfEvent = (event: Event) => {
      const found = (event.target as Element).closest('.cell')
      return found === null ? -1 : this.#cells.indexOf(found as SVGGElement)
    }
    for (const name of ['focusin', 'pointerover']) {
      table.addEventListener(name, (event) => cellOfEvent(event) >= 0 && onFocus(cellOfEvent(event)))
    }
    for (const name of ['focusout', 'pointerleave']) table.addEventListener(name, () => onFocus(undefined))
    table.addEventListener('click', (event) => cellOfEvent(event) >= 0 && onTake(cellOfEvent(event)))
    table.addEventListener('keydown', (event) => this.#move(event, onTake))
  }

  /** Colours and numbers of the cells. @returns EDA_w of each cell */
  show(surface: TaskSurface, balance: number): number[] {
    const edas = edaOfCells(surface, balance)
    const best = Math.min(...edas)
    this.#cells.forEach((cell, i) => {
      const { t0, theta } = cellOf(this.grid, i)
      const { ground, ink } = viridis(1 - (edas[i] - best) / WORST_SHOWN)
      const [rect, text] = cell.children
      rect.setAttribute('fill', ground)
      text.setAttribute('fill', ink)
      const eda = edas[i].toFixed(0)
      text.textContent = eda
      cell.setAttribute('aria-label', `T0 ${t0}, θ ${theta}: EDA ${eda}`)
    })
    return edas
  }

  mark(marks: readonly MapMark[]): void {
    const drawn = marks.map(({ kind, ...cell }) => {
      const place = positionOf(this.grid, cell)
      return markShape(kind, this.#x(place.theta), this.#y(place.t0), kind === 'edt' ? 6 : 12)
    })
    this.#marks.replaceChildren(...drawn)
  }

  #x = (column: number) => LEFT + (column + 0.5) * CELL.width
  #y = (row: number) => TOP + (this.grid.t0.length - row - 0.5) * CELL.height

  #cell(row: number, column: number): SVGGElement {
    const [x, y] = [LEFT + column * CELL.width, this.#y(row) - CELL.height / 2]
    return svg(
      'g',
      { class: 'cell', role: 'gridcell', tabindex: row + column === 0 ? 0 : -1 },
      svg('rect', { x, y, width: CELL.width, height: CELL.height }),
      svg('text', { x: x + CELL.width / 2, y: y + CELL.height / 2 + 4, 'aria-hidden': 'true' }),
    )
  }

  #axes(): SVGElement[] {
    const { t0, theta } = this.grid
    const bottom = TOP + t0.length * CELL.height
    return [
      ...t0.map((value, i) => svg('text', { class: 'axis-value end', x: LEFT - 6, y: this.#y(i) + 4 }, `${value}`)),
      ...theta.map((value, j) =>
        svg('text', { class: 'axis-value middle', x: this.#x(j), y: bottom + 15 }, `${value}`),
      ),
      svg('text', { class: 'axis-name', x: 2, y: TOP + 15 }, 'T0'),
      svg('text', { class: 'axis-name', x: LEFT - 14, y: bottom + 15 }, 'θ'),
    ]
  }

  #move(event: KeyboardEvent, onTake: (cell: number) => void): void {
    const { theta } = this.grid
    const [row, column] = [Math.floor(this.#focused / theta.length), this.#focused % theta.length]
    const places: Record<string, [number, number]> = {
      ArrowUp: [row + 1, column],
      ArrowDown: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [row, 0],
      End: [row, theta.length - 1],
    }
    const take = event.key === 'Enter' || event.key === ' '
    if (!take && places[event.key] === undefined) return
    event.preventDefault()
    if (take) onTake(this.#focused)
    else this.#focus(...places[event.key])
  }

  #focus(row: number, column: number): void {
    const { t0, theta } = this.grid
    if (row < 0 || column < 0 || row >= t0.length || column >= theta.length) return
    setAttributes(this.#cells[this.#focused], { tabindex: -1 })
    this.#focused = row * theta.length + column
    setAttributes(this.#cells[this.#focused], { tabindex: 0 })
    this.#cells[this.#focused].focus()
  }
}

/** A kind of mark: a dot for what is in force; a square and a diamond that leave the number of their cell to be read. */
export function markShape(kind: MapMark['kind'], x: number, y: number, size: number): SVGElement {
  if (kind === 'edt') return svg('circle', { class: 'mark edt', cx: x, cy: y, r: size })
  const [width, height] = kind === 'best' ? [1.7 * size, size] : [size, 0.8 * size]
  const d =
    kind === 'best'
      ? `M${x} ${y - height}L${x + width} ${y}L${x} ${y + height}L${x - width} ${y}Z`
      : `M${x - width} ${y - height}H${x + width}V${y + height}H${x - width}Z`
  // A light line below the dark one, so that it shows on every colour.
  return svg('g', { class: `mark ${kind}` }, svg('path', { class: 'halo', d }), svg('path', { class: 'outline', d }))
}

function colourScale(top: number): SVGElement[] {
  const steps = 32
  const width = 6
  const rects = Array.from({ length: steps }, (_, i) =>
    svg('rect', {
      x: LEFT + i * width,
      y: top - 9,
      width: width + 0.5,
      height: 9,
      fill: viridis(1 - i / (steps - 1)).ground,
    }),
  )
  const labels = [0, 10, 20, WORST_SHOWN].map((value) => {
    const text = value === WORST_SHOWN ? `≥ ${value}` : `${value}`
    return svg('text', { class: 'middle', x: LEFT + (value / WORST_SHOWN) * steps * width, y: top + 13 }, text)
  })
  const title = svg('text', { x: LEFT, y: top - 14 }, 'EDA above the best cell')
  return [svg('g', { class: 'scale', 'aria-hidden': 'true' }, ...rects, ...labels, title)]
}
