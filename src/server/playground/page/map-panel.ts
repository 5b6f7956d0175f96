import { cellOf } from '../../../tuner/grid.js'
import type { Cell } from '../../../tuner/types.js'
import type { PageState } from '../shared/state.js'
import { bestCell, edaAt, pooledSurface } from '../shared/surface.js'
import type { PlaygroundTuner, TaskSurface } from '../shared/types.js'
import { element, svg } from './dom.js'
import { HeatMap, type MapMark, markShape } from './heat-map.js'

/** T0 and θ in force, and who set them. */
export interface Chosen extends Cell {
  by: string
}

/** The heat map of the task, and beside it the numbers: what was chosen, the best fixed cell, the cell that is pointed at. */
export class MapPanel {
  readonly #map: HeatMap
  readonly #readout = element('dl', { class: 'readout' })
  readonly #best = element('p')
  readonly #cell = element('p', { class: 'hint' })
  readonly #source = element('p', { class: 'hint' })
  #surface: TaskSurface
  #balance = 0.5
  #edas: number[] = []

  /** @param onTake told a cell whose T0 and θ the reader wants */
  constructor(
    private readonly tuner: PlaygroundTuner,
    { map, side }: { map: HTMLElement; side: HTMLElement },
    onTake: (cell: Cell) => void,
  ) {
    this.#map = new HeatMap(
      tuner.grid,
      (cell) => this.#tell(cell),
      (cell) => onTake(cellOf(tuner.grid, cell)),
    )
    this.#surface = pooledSurface(Object.values(tuner.surfaces))
    map.replaceChildren(this.#map.host)
    side.replaceChildren(this.#readout, this.#best, marksLegend(), this.#cell, this.#source)
    this.#tell(undefined)
  }

  /** @param chosen T0 and θ of the learned side, once they are known */
  show({ task, balance, temperature }: PageState, chosen: Chosen | undefined): void {
    const { tuner } = this
    const own = tuner.surfaces[task]
    this.#surface = own ?? pooledSurface(Object.values(tuner.surfaces))
    this.#balance = balance
    this.#edas = this.#map.show(this.#surface, balance)
    const cell = bestCell(this.#edas)
    const best = cellOf(tuner.grid, cell)
    const marks: MapMark[] = [{ kind: 'best', ...best }]
    if (temperature > 0) marks.push({ kind: 'fixed', t0: temperature, theta: 0 })
    if (chosen !== undefined) marks.push({ kind: 'edt', t0: chosen.t0, theta: chosen.theta })
    this.#map.mark(marks)
    this.#read(chosen)
    this.#best.textContent = `Best fixed cell at balance ${balance}: T0 ${best.t0}, θ ${best.theta}, EDA ${this.#edas[cell].toFixed(1)}.`
    const whose = own === undefined ? `all ${Object.keys(tuner.surfaces).length} tasks` : `the task ${task}`
    this.#source.textContent = `Mean over ${this.#surface.prompts.toLocaleString('en')} training prompts of ${whose}, at balance ${balance}; lower is better. One prompt's own best place may lie elsewhere.`
  }

  #read(chosen: Chosen | undefined): void {
    const eda = chosen && edaAt(this.#surface, this.tuner.grid, chosen, this.#balance).toFixed(1)
    const entries = { T0: chosen && short(chosen.t0), θ: chosen && short(chosen.theta), 'EDA there': eda }
    const rows = Object.entries(entries).map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value ?? '–')),
    )
    const by = element('p', { class: 'by' }, chosen?.by ?? 'set by the tuner as soon as there is a prompt')
    this.#readout.replaceChildren(...rows)
    this.#readout.after(by)
    this.#by?.remove()
    this.#by = by
  }
  #by: HTMLElement | undefined

  #tell(cell: number | undefined): void {
    if (cell === undefined) {
      this.#cell.textContent =
        'Point at a cell, or go there with the arrow keys, for its numbers; Enter or a click takes its T0 and θ.'
      return
    }
    const { t0, theta } = cellOf(this.tuner.grid, cell)
    const { quality, selfBleu, bestQuality, worstSelfBleu } = this.#surface
    this.#cell.textContent = `T0 ${t0}, θ ${theta}: EDA ${this.#edas[cell].toFixed(1)}, quality ${quality[cell].toFixed(1)} (highest ${bestQuality.toFixed(1)}), Self-BLEU ${selfBleu[cell].toFixed(1)} (highest ${worstSelfBleu.toFixed(1)}).`
  }
}

/** Three digits, as the rest of the tool prints T0 and θ. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function marksLegend(): HTMLElement {
  const names = { edt: 'T0 and θ in force', fixed: 'the fixed temperature', best: 'best fixed cell' } as const
  const items = Object.entries(names).map(([kind, name]) => {
    const picture = svg('svg', { width: 26, height: 16, 'aria-hidden': 'true' })
    picture.append(markShape(kind as MapMark['kind'], 13, 8, kind === 'best' ? 6.5 : 5.5))
    return element('li', {}, picture, name)
  })
  return element('ul', { class: 'marks' }, ...items)
}
