import { LIMITS, type PageState, within } from '../shared/state.js'
import type { PlaygroundSettings } from '../shared/types.js'
import { byId } from './dom.js'
import { Knob } from './knob.js'

/** What the paper starts from, for servers without a tuner. */
const HAND_SET = { t0: 0.6, theta: 0.1 }

/** Of the sliders of T0 and θ. */
const STEPS = 40

const numbers = ['samples', 'maxTokens', 'topP', 'seed'] as const
const checks = ['chat', 'oneLine'] as const

/** What the page is set to before anyone has touched it. */
export function initialState({ model, tuner }: PlaygroundSettings): PageState {
  return {
    ...{ task: '', prompt: '', chat: model.hasChatTemplate },
    balance: tuner?.balance.usual ?? 0.5,
    ...(tuner === undefined ? HAND_SET : {}),
    temperature: tuner?.best.temperature ?? 0.8,
    ...{ samples: 3, maxTokens: tuner?.decoding.maxNewTokens ?? 64, seed: 1, topP: tuner?.decoding.topP ?? 0.95 },
    oneLine: tuner?.decoding.stop.includes('\n') ?? false,
  }
}

/** The settings on the left, as a state. */
export class Form {
  #task = ''
  readonly #prompt = byId('prompt', HTMLTextAreaElement)
  readonly #balance = new Knob('balance', { read: (place) => place, show: (value) => value.toFixed(2) })
  readonly #temperature = new Knob('temperature', { read: (place) => place, show: (value) => value.toFixed(2) })
  readonly #t0: Knob
  readonly #theta: Knob

  /** @param onChange told after every change by the reader */
  constructor(settings: PlaygroundSettings, onChange: (field: keyof PageState) => void) {
    const { model, tuner } = settings
    const [t0, theta] = [tuner?.grid.t0 ?? [0.1, 2], tuner?.grid.theta ?? [0, 6]]
    const automatic = tuner !== undefined
    this.#t0 = new Knob('t0', { read: (place) => place, show: shown, automatic })
    // As on the grid's axis: a step from 0 to 0.5 changes decoding about as much as one from 3 to 6.
    this.#theta = new Knob('theta', { read: Math.expm1, place: Math.log1p, show: shown, automatic })
    this.#t0.range(t0[0], t0[t0.length - 1], STEPS)
    this.#theta.range(theta[0], theta[theta.length - 1], STEPS)
    const { least, most } = tuner?.balance ?? { least: 0.5, most: 0.5 }
    this.#balance.range(least, most, Math.max(1, Math.round((most - least) / 0.05)))
    this.#balance.disabled = least === most
    byId('chat-field', HTMLLabelElement).hidden = !model.hasChatTemplate
    for (const [name, knob] of this.#knobs) knob.onChange = () => onChange(name)
    for (const name of numbers) {
      const input = byId(name, HTMLInputElement)
      const [least, most] = LIMITS[name]
      Object.assign(input, { min: String(least), max: String(most) })
      input.addEventListener('change', () => onChange(name))
    }
    for (const name of checks) byId(name, HTMLInputElement).addEventListener('change', () => onChange(name))
    this.#prompt.addEventListener('input', () => onChange('prompt'))
    this.set(initialState(settings))
  }

  get #knobs() {
    return [
      ...[['balance', this.#balance] as const, ['t0', this.#t0] as const],
      ...[['theta', this.#theta] as const, ['temperature', this.#temperature] as const],
    ]
  }

  /** What the inputs say; a number that is no number counts as the field's least. */
  get state(): PageState {
    const number = (name: (typeof numbers)[number]) =>
      within(name, byId(name, HTMLInputElement).value) ?? LIMITS[name][0]
    return {
      task: this.#task,
      prompt: this.#prompt.value,
      chat: byId('chat', HTMLInputElement).checked,
      balance: this.#balance.value as number,
      t0: this.#t0.value,
      theta: this.#theta.value,
      temperature: this.#temperature.value as number,
      ...{ samples: number('samples'), maxTokens: number('maxTokens'), seed: number('seed'), topP: number('topP') },
      oneLine: byId('oneLine', HTMLInputElement).checked,
    }
  }

  /** Sets fields; t0 and theta may be set to `undefined`, which makes them automatic. */
  set(fields: Partial<PageState>): void {
    if (fields.task !== undefined) this.#task = fields.task
    if (fields.prompt !== undefined) this.#prompt.value = fields.prompt
    for (const name of checks) {
      if (fields[name] !== undefined) byId(name, HTMLInputElement).checked = fields[name]
    }
    for (const name of numbers) {
      if (fields[name] !== undefined) byId(name, HTMLInputElement).value = String(fields[name])
    }
    for (const [name, knob] of this.#knobs) if (name in fields) knob.value = fields[name]
  }

  /** What the tuner chose, where the knobs are automatic. */
  showChosen({ t0, theta }: { t0?: number; theta?: number }): void {
    if (t0 !== undefined) this.#t0.showAutomatic(t0)
    if (theta !== undefined) this.#theta.showAutomatic(theta)
  }
}

const shown = (value: number) => String(Number(value.toPrecision(3)))
