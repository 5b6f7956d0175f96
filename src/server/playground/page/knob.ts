import { byId } from './dom.js'

interface KnobOptions {
  /** The value at a place of the slider. */
  read(place: number): number
  /** The slider's place of a value. @default the value itself */
  place?(value: number): number
  show(value: number): string
  /** Whether someone else sets the value until the reader moves the slider. @default false */
  automatic?: boolean
}

/** A slider with its number; one that can be automatic says so, and has a button that makes it so again. */
export class Knob {
  onChange = () => {}
  readonly #slider: HTMLInputElement
  readonly #output: HTMLElement
  readonly #mode: HTMLElement | null
  readonly #reset: HTMLElement | null
  /** Undefined when automatic. */
  #value: number | undefined
  #chosen: number | undefined

  constructor(
    private readonly id: string,
    private readonly options: KnobOptions,
  ) {
    this.#slider = byId(id, HTMLInputElement)
    this.#output = byId(`${id}-value`, HTMLElement)
    this.#mode = document.getElementById(`${id}-mode`)
    this.#reset = document.getElementById(`${id}-auto`)
    this.#slider.addEventListener('input', () => {
      this.#value = Number(options.read(this.#slider.valueAsNumber).toPrecision(3))
      this.#draw(false)
      this.onChange()
    })
    this.#reset?.addEventListener('click', () => {
      this.value = undefined
      // The button is gone with the click; the keyboard goes on from the slider.
      this.#slider.focus()
      this.onChange()
    })
  }

  /** Ends of the slider in values, and how many steps lie between them; both ends can be reached. */
  range(least: number, most: number, steps: number): void {
    const place = this.options.place ?? ((value: number) => value)
    const [min, max] = [place(least), place(most)]
    Object.assign(this.#slider, { min: String(min), max: String(max), step: String((max - min) / steps) })
  }

  set disabled(disabled: boolean) {
    this.#slider.disabled = disabled
  }

  get value(): number | undefined {
    return this.#value
  }

  set value(value: number | undefined) {
    this.#value = value
    this.#draw(true)
  }

  /** What was set for the reader; shown where the knob is automatic. */
  showAutomatic(chosen: number): void {
    this.#chosen = chosen
    if (this.#value === undefined) this.#draw(true)
  }

  #draw(move: boolean): void {
    const { place = (value: number) => value, show, automatic = false } = this.options
    const value = this.#value ?? this.#chosen
    const byHand = this.#value !== undefined
    // A slider holds to its steps; moving it while it is dragged would fight the hand.
    if (move && value !== undefined) this.#slider.value = String(place(value))
    this.#output.textContent = value === undefined ? 'auto' : show(value)
    const mode = byHand ? 'by hand' : value === undefined ? 'automatic' : 'automatic, set by the tuner'
    this.#slider.setAttribute(
      'aria-valuetext',
      `${value === undefined ? '' : show(value)} ${automatic ? mode : ''}`.trim(),
    )
    if (this.#mode === null || this.#reset === null) return
    this.#mode.textContent = automatic ? (byHand ? 'by hand' : 'automatic') : ''
    this.#mode.classList.toggle('hand', byHand && automatic)
    this.#reset.hidden = !(byHand && automatic)
    byId(`${this.id}-knob`, HTMLElement).classList.toggle('automatic', !byHand)
  }
}
