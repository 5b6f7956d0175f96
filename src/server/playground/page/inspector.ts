import { alternativeFacts, percent, type TokenStep, visibleText } from '../shared/token-facts.js'
import { element, svg } from './dom.js'

/** Time in ms to move the pointer from a token onto its inspector. */
const GRACE = 150
const MARGIN = 8

/** One token's facts and alternatives, beside the token; on narrow screens at the foot of the window. */
export class Inspector {
  #leaving: ReturnType<typeof setTimeout> | undefined
  #anchor: HTMLElement | undefined

  constructor(private readonly host: HTMLElement) {
    host.addEventListener('pointerenter', () => clearTimeout(this.#leaving))
    host.addEventListener('pointerleave', () => this.leave())
    addEventListener('resize', () => this.hide())
    // Scrolling does not bubble, and a long answer scrolls inside its own box.
    addEventListener('scroll', () => this.#place(), { passive: true, capture: true })
    addEventListener('keydown', ({ key }) => key === 'Escape' && this.hide())
  }

  show(step: TokenStep, anchor: HTMLElement, { position, of }: { position: number; of: number }): void {
    clearTimeout(this.#leaving)
    if (this.#anchor !== anchor) this.#anchor?.removeAttribute('aria-describedby')
    this.#anchor = anchor
    anchor.setAttribute('aria-describedby', this.host.id)
    this.host.replaceChildren(
      element(
        'p',
        { class: 'inspector-head' },
        element('span', { class: 'inspector-token' }, visibleText(step.text)),
        element('span', { class: 'hint' }, `token ${position + 1} of ${of}`),
      ),
      facts(step),
      ...alternatives(step),
    )
    this.host.hidden = false
    this.#place()
  }

  /** Hides it soon, unless the pointer comes onto it. */
  leave(): void {
    clearTimeout(this.#leaving)
    this.#leaving = setTimeout(() => {
      if (document.activeElement !== this.#anchor) this.hide()
    }, GRACE)
  }

  hide(): void {
    clearTimeout(this.#leaving)
    this.#anchor?.removeAttribute('aria-describedby')
    this.#anchor = undefined
    this.host.hidden = true
  }

  /** Below the token, above it where there is no room. The sheet of narrow screens ignores the place. */
  #place(): void {
    if (this.#anchor === undefined) return
    if (!this.#anchor.isConnected) {
      this.hide()
      return
    }
    const at = this.#anchor.getBoundingClientRect()
    const { width, height } = this.host.getBoundingClientRect()
    const left = Math.max(MARGIN, Math.min(at.left, document.documentElement.clientWidth - width - MARGIN))
    const below = at.bottom + MARGIN
    const top = below + height <= innerHeight ? below : Math.max(MARGIN, at.top - height - MARGIN)
    this.host.style.setProperty('--left', `${left}px`)
    this.host.style.setProperty('--top', `${top}px`)
  }
}

function facts({ entropy, temperature, probability, rank, nucleus_size: nucleusSize }: TokenStep): HTMLElement {
  const entries = {
    'entropy, nats': entropy.toFixed(3),
    temperature: temperature.toFixed(3),
    probability: percent(probability),
    rank: String(rank + 1),
    nucleus: String(nucleusSize),
  }
  const rows = Object.entries(entries).map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value)),
  )
  return element('dl', { class: 'facts' }, ...rows)
}

/** The most probable tokens: how probable the model found them, and how probable they were in this draw. */
function alternatives(step: TokenStep): HTMLElement[] {
  const known = alternativeFacts(step)
  if (known.length === 0) return []
  const head = ['token', 'model', 'drawn'].map((name) => element('th', { scope: 'col' }, name))
  const rows = known.map(({ text, model, drawn, chosen }) =>
    element(
      'tr',
      chosen ? { class: 'chosen' } : {},
      element(
        'th',
        { scope: 'row' },
        visibleText(text),
        ...(chosen ? [element('span', { class: 'unseen' }, ' (drawn)')] : []),
      ),
      element('td', {}, bar(model, 'model'), percent(model)),
      element('td', {}, bar(drawn, 'drawn'), drawn === 0 ? '–' : percent(drawn)),
    ),
  )
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows))
  const note = 'model: at temperature 1, over the whole vocabulary; drawn: at this temperature, after top-p'
  return [table, element('p', { class: 'hint' }, note)]
}

function bar(share: number, name: string): SVGElement {
  const width = Math.max(share > 0 ? 1 : 0, 46 * Math.min(1, share))
  return svg(
    'svg',
    { class: `bar-${name}`, width: 46, height: 8, 'aria-hidden': 'true' },
    svg('rect', { class: 'bar-room', width: 46, height: 8 }),
    svg('rect', { class: 'bar-share', width, height: 8 }),
  )
}
