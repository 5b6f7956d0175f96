import { element } from './dom.js'

interface KnobOptions {
  id: string
  label: string
  hint?: string
  /** What lies at the two ends of the slider. */
  ends?: readonly [string, string]
  /** Smallest and largest value, and how many steps lie between them. */
  range: { least: number; most: number; steps: number }
  /** The value at a place of the slider, and the place of a value. @default the place is the value */
  scale?: { read(place: number): number; place(value: number): number }
  /** Whether someone else sets the value until the reader moves the slider. @default false */
  automatic?: boolean
  show(value: number): string
}

const PLAIN = { read: (place: number) => place, place: (value: number) => value }

/** A slider with its number; one that can be automatic says so, and has a button that makes it so again. */
export class Knob {
  readonly host: HTMLElement
  onChange = () => {}
  readonly #slider: HTMLInputElement
  readonly #output: HTMLElement
  readonly #mode: HTMLElement
  readonly #reset: HTMLButtonElement
  /** Undefined when automatic. */
  #value: number | undefined
  #chosen: number | undefined

  constructor(private readonly options: KnobOptions) {
    const { id, label, hint = '', ends, range, scale = PLAIN, automatic = false } = options
    const [min, max] = [scale.place(range.least), scale.place(range.most)]
    // A little less than the quotient where that is no short number: a last step beyond the end could not be taken.
    const step = Math.floor(((max - min) / range.steps) * 1e9 + 1e-3) / 1e9
    const disabled = range.least === range.most
    this.#slider = element('input', { id, type: 'range', min, max, step, disabled, 'aria-describedby': `${id}-mode` })
    this.#output = element('output', { id: `${id}-value`, for: id })
    this.#mode = element('span', { class: 'mode', id: `${id}-mode` }, ends?.join(' to ') ?? '')
    this.#mode.hidden = ends !== undefined
    const auto = { type: 'button', class: 'quiet', 'aria-label': `Set ${label} automatically`, hidden: true }
    this.#reset = element('button', auto, 'automatic')
    const name = element('label', { for: id }, `${label} `, element('span', { class: 'hint' }, hint))
    const head = element(
      'div',
      { class: 'knob-head' },
      name,
      this.#mode,
      ...(automatic ? [this.#reset] : []),
      this.#output,
    )
    this.host = element('div', { class: `knob ${id}` }, head, this.#slider)
    if (ends !== undefined) {
      const words = ends.map((end) => element('span', {}, end))
      this.host.append(element('div', { class: 'ends', 'aria-hidden': 'true' }, ...words))
    }
    this.#slider.addEventListener('input', () => {
      this.#value = Number(scale.read(this.#slider.valueAsNumber).toPrecision(3))
      this.#draw(false)
      this.onChange()
    })
    this.#reset.addEventListener('click', () => {
      this.value = undefined
      // The button is gone with the click; the keyboard goes on from the slider.
      this.#slider.focus()
      this.onChange()
    })
  }

  get value(): number | undefined {
    return this.#value
  }

  /** Moved inside the slider's range. */
  set value(value: number | undefined) {
    const { least, most } = this.options.range
    this.#value = value === undefined ? undefined : Math.min(most, Math.max(least, value))
    this.#draw(true)
  }

  /** What was set for the reader; shown where the knob is automatic. */
  showAutomatic(chosen: number): void {
    this.#chosen = chosen
    if (this.#value === undefined) this.#draw(true)
  }

  /** @param move false while the slider is dragged: it holds to its steps, and moving it would fight the hand */
  #draw(move: boolean): void {
    const { scale = PLAIN, show, automatic = false } = this.options
    const value = this.#value ?? this.#chosen
    const byHand = this.#value !== undefined
    if (move && value !== undefined) this.#slider.value = String(scale.place(value))
    const number = value === undefined ? 'auto' : show(value)
    this.#output.textContent = number
    this.#slider.setAttribute(
      'aria-valuetext',
      automatic && value !== undefined && !byHand ? `${number}, automatic` : number,
    )
    this.host.classList.toggle('unset', value === undefined)
    if (!automatic) return
    this.#mode.textContent = byHand ? 'by hand' : 'automatic'
    this.#mode.classList.toggle('hand', byHand)
    this.#reset.hidden = !byHand
    this.host.classList.toggle('automatic', !byHand)
  }
}
