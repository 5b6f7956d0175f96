/** Everything that the page can be set to; a link holds all of it. */
export interface PageState {
  /** Task of the map and of the examples; '' for a prompt of one's own. */
  task: string
  prompt: string
  /** Put the model's chat template around the prompt. */
  chat: boolean
  /** Weight of quality against diversity, 0–1. */
  balance: number
  /** T0 by hand; undefined when the tuner sets it. */
  t0?: number
  /** θ by hand; undefined when the tuner sets it. */
  theta?: number
  /** Of the answers that are compared. */
  temperature: number
  samples: number
  maxTokens: number
  seed: number
  topP: number
  /** End an answer at its first line end. */
  oneLine: boolean
}

/** Smallest and largest number of each field; the inputs of the page and links are held to them. */
export const LIMITS = {
  balance: [0, 1],
  t0: [0.01, 10],
  theta: [0, 100],
  temperature: [0, 3],
  samples: [1, 8],
  maxTokens: [1, 512],
  seed: [0, 2 ** 31 - 1],
  topP: [0.05, 1],
} as const satisfies Partial<Record<keyof PageState, readonly [number, number]>>

const WHOLE = new Set<keyof PageState>(['samples', 'maxTokens', 'seed'])
const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[]

/**
 * The state as the part of an address after `#`.
 * @param shown whether answers are on the page, so that whoever opens the link sees them, too
 */
export function toFragment(state: PageState, shown: boolean): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(state)) {
    if (value !== undefined && value !== '')
      fields.set(name, typeof value === 'boolean' ? String(Number(value)) : `${value}`)
  }
  if (shown) fields.set('run', '1')
  return fields.toString()
}

/**
 * What a link sets. Fields that are missing, unknown or no numbers are left out, numbers out of range are moved inside, so an old or mistyped link
 * opens as far as it can be understood.
 */
export function fromFragment(fragment: string): { state: Partial<PageState>; run: boolean } {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const state: Partial<PageState> = {}
  for (const name of ['task', 'prompt'] as const) {
    const text = fields.get(name)
    if (text !== null) state[name] = text
  }
  for (const name of ['chat', 'oneLine'] as const) {
    const flag = fields.get(name)
    if (flag === '0' || flag === '1') state[name] = flag === '1'
  }
  for (const name of names) {
    const value = within(name, fields.get(name))
    if (value !== undefined) state[name] = value
  }
  return { state, run: fields.get('run') === '1' }
}

/** A number that someone typed, moved inside the field's limits; undefined for what is no number. */
export function within(name: keyof typeof LIMITS, text: string | null): number | undefined {
  if (text === null || text.trim() === '' || !Number.isFinite(Number(text))) return undefined
  const [least, most] = LIMITS[name]
  const value = Math.min(most, Math.max(least, Number(text)))
  return WHOLE.has(name) ? Math.round(value) : value
}
