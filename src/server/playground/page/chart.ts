import { scaleFromZero, stepPath } from '../shared/chart-path.js'
import type { TokenStep } from '../shared/token-facts.js'
import { svg } from './dom.js'

/** The largest values of both columns, so that their charts can be compared. */
export interface ChartScales {
  entropy: number
  temperature: number
  positions: number
}

const PANEL = 66
const GAP = 26
const TOP = 18
const LEFT = 34
const HEIGHT = TOP + 2 * PANEL + GAP + 26

/** Entropy and temperature of one answer by position, one panel above the other. */
export class Chart {
  readonly host = svg('svg', { class: 'chart', role: 'img', height: HEIGHT })
  #steps: readonly TokenStep[] = []
  #scales: ChartScales = { entropy: 1, temperature: 1, positions: 1 }
  #bound: number | undefined
  #label = ''
  #cursor: SVGElement | undefined

  /** @param onPoint told the position that the pointer is at */
  constructor(onPoint: (position: number | undefined) => void) {
    new ResizeObserver(() => this.#draw()).observe(this.host)
    this.host.addEventListener('pointermove', ({ offsetX }) => {
      const position = Math.floor(((offsetX - LEFT) / (this.#right() - LEFT)) * this.#scales.positions)
      onPoint(position >= 0 && position < this.#steps.length ? position : undefined)
    })
    this.host.addEventListener('pointerleave', () => onPoint(undefined))
  }

  /** @param bound upper bound of the temperature, drawn as a line @param label what the chart shows, for a screen reader */
  show(steps: readonly TokenStep[], scales: ChartScales, bound: number | undefined, label: string): void {
    this.#steps = steps
    this.#scales = scales
    this.#bound = bound
    this.#label = label
    this.#draw()
  }

  /** Marks a position with a line, or none. */
  mark(position: number | undefined): void {
    this.#cursor?.remove()
    this.#cursor = undefined
    if (position === undefined || position >= this.#steps.length) return
    const x = this.#x(position + 0.5)
    this.#cursor = svg('line', { class: 'cursor', x1: x, x2: x, y1: TOP, y2: TOP + 2 * PANEL + GAP })
    this.host.append(this.#cursor)
  }

  #right(): number {
    return Math.max(LEFT + 40, this.host.clientWidth - 6)
  }

  #x(position: number): number {
    return LEFT + (position / Math.max(1, this.#scales.positions)) * (this.#right() - LEFT)
  }

  #draw(): void {
    this.host.replaceChildren(svg('title', {}, this.#label))
    this.host.setAttribute('aria-label', this.#label)
    this.#panel('entropy, nats', TOP, 'entropy', this.#scales.entropy)
    this.#panel('temperature', TOP + PANEL + GAP, 'temperature', this.#scales.temperature, this.#bound)
    const bottom = TOP + 2 * PANEL + GAP
    const every = Math.max(1, Math.ceil(this.#scales.positions / 8 / 5) * 5)
    for (let position = 0; position <= this.#scales.positions; position += every) {
      this.host.append(svg('text', { class: 'tick middle', x: this.#x(position), y: bottom + 14 }, `${position}`))
    }
    this.host.append(
      svg('text', { class: 'tick end', x: this.#right(), y: bottom + 25 }, 'position in the answer, tokens'),
    )
  }

  #panel(title: string, top: number, field: 'entropy' | 'temperature', most: number, bound?: number): void {
    const y = scaleFromZero(most, top + PANEL, top)
    const [x1, x2] = [LEFT, this.#right()]
    this.host.append(svg('text', { class: 'panel-title', x: LEFT, y: top - 6 }, title))
    for (const tick of y.ticks) {
      this.host.append(
        svg('line', { class: tick === 0 ? 'axis' : 'grid', x1, x2, y1: y(tick), y2: y(tick) }),
        svg('text', { class: 'tick end', x: LEFT - 5, y: y(tick) + 4 }, `${tick}`),
      )
    }
    if (bound !== undefined) {
      this.host.append(
        svg('line', { class: 'bound', x1, x2, y1: y(bound), y2: y(bound) }),
        svg('text', { class: 'tick end', x: x2, y: y(bound) - 3 }, `T0 ${Number(bound.toPrecision(3))}`),
      )
    }
    const values = this.#steps.map((step) => step[field])
    if (values.length > 0) {
      this.host.append(svg('path', { class: `line ${field}`, d: stepPath(values, (position) => this.#x(position), y) }))
    }
  }
}
