import { LIMITS, type PageState, within } from '../shared/state.js'
import type { PlaygroundSettings, PlaygroundTuner } from '../shared/types.js'
import { byId } from './dom.js'
import { Knob } from './knob.js'

/** What the paper starts from, for servers without a tuner. */
const HAND_SET = { t0: 0.6, theta: 0.1 }

const numbers = ['samples', 'maxTokens', 'topP', 'seed'] as const
const checks = ['chat', 'oneLine'] as const
const turned = ['balance', 't0', 'theta', 'temperature'] as const

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
  readonly #knobs: Record<'balance' | 't0' | 'theta' | 'temperature', Knob>

  /** @param onChange told after every change by the reader */
  constructor(
    private readonly settings: PlaygroundSettings,
    onChange: (field: keyof PageState) => void,
  ) {
    const { model, tuner } = settings
    this.#knobs = knobs(tuner)
    byId('knobs', HTMLElement).replaceChildren(...Object.values(this.#knobs).map(({ host }) => host))
    byId('chat-field', HTMLLabelElement).hidden = !model.hasChatTemplate
    for (const name of turned) this.#knobs[name].onChange = () => onChange(name)
    for (const name of numbers) {
      const input = byId(name, HTMLInputElement)
      const [least, most] = LIMITS[name]
      Object.assign(input, { min: String(least), max: String(most) })
      input.addEventListener('change', () => {
        // What was typed may lie outside; the reader sees what counts.
        input.value = String(this.state[name])
        onChange(name)
      })
    }
    for (const name of checks) byId(name, HTMLInputElement).addEventListener('change', () => onChange(name))
    this.#prompt.addEventListener('input', () => onChange('prompt'))
    this.#prompt.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
      if (key === 'Enter' && (ctrlKey || metaKey))
        byId('controls', HTMLFormElement).requestSubmit(byId('generate', HTMLButtonElement))
    })
    this.set(initialState(settings))
  }

  /** What the inputs say; a number that is no number counts as the field's least. */
  get state(): PageState {
    const { balance, t0, theta, temperature } = this.#knobs
    const number = (name: (typeof numbers)[number]) =>
      within(name, byId(name, HTMLInputElement).value) ?? LIMITS[name][0]
    return {
      task: this.#task,
      prompt: this.#prompt.value,
      // A link may have been made for another model.
      chat: this.settings.model.hasChatTemplate && byId('chat', HTMLInputElement).checked,
      balance: balance.value as number,
      t0: t0.value,
      theta: theta.value,
      temperature: temperature.value as number,
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
    for (const name of turned) if (name in fields) this.#knobs[name].value = fields[name]
  }

  /** What the tuner chose, where the knobs are automatic. */
  showChosen({ t0, theta }: { t0?: number; theta?: number }): void {
    if (t0 !== undefined) this.#knobs.t0.showAutomatic(t0)
    if (theta !== undefined) this.#knobs.theta.showAutomatic(theta)
  }
}

function knobs(tuner: PlaygroundTuner | undefined) {
  const { t0, theta } = tuner?.grid ?? { t0: [0.1, 2], theta: [0, 6] }
  const { least, most } = tuner?.balance ?? { least: 0.5, most: 0.5 }
  const automatic = tuner !== undefined
  const ends = (axis: readonly number[]) => ({ least: axis[0], most: axis[axis.length - 1], steps: 40 })
  const digits = (value: number) => String(Number(value.toPrecision(3)))
  const decimals = (value: number) => value.toFixed(2)
  return {
    balance: new Knob({
      ...{ id: 'balance', label: 'Balance', ends: ['diversity', 'quality'], show: decimals },
      range: { least, most, steps: Math.max(1, Math.round((most - least) / 0.05)) },
    }),
    t0: new Knob({ id: 't0', label: 'T0', hint: 'upper bound', range: ends(t0), automatic, show: digits }),
    theta: new Knob({
      ...{ id: 'theta', label: 'θ', hint: 'sensitivity', range: ends(theta), automatic, show: digits },
      // As on the grid's axis: a step from 0 to 0.5 changes decoding about as much as one from 3 to 6.
      scale: { read: Math.expm1, place: Math.log1p },
    }),
    temperature: new Knob({
      ...{ id: 'temperature', label: 'Fixed T', hint: 'to compare with', show: decimals },
      range: { least: 0, most: 2, steps: 40 },
    }),
  }
}
