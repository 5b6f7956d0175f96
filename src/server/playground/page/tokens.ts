import { type TokenStep, visibleText } from '../shared/token-facts.js'
import { element } from './dom.js'
import type { Inspector } from './inspector.js'

/** Grounds between the coldest and the hottest, see base.css. */
const GROUNDS = 10

/** The class of a temperature's ground, on a scale that ends at `hottest`. */
export function heatClass(temperature: number, hottest: number): string {
  const share = hottest > 0 ? Math.min(Math.max(temperature / hottest, 0), 1) : 0
  return `heat-${Math.min(GROUNDS - 1, Math.floor(share * GROUNDS))}`
}

/** Tokens that end an answer have no text, or a name between signs, such as `<|endoftext|>`. */
function isEnd(text: string): boolean {
  return text === '' || /^<[|/].*>$/.test(text)
}

/**
 * An answer's tokens on grounds that tell their temperatures. One stop for the Tab key: the arrow keys, Home and End go from token to token,
 * and the one that has the focus, or the pointer, is shown by the inspector.
 */
export class TokenLine {
  readonly host: HTMLElement
  readonly #steps: TokenStep[] = []
  readonly #spans: HTMLElement[] = []
  #hottest = 0
  #focused = 0

  /** @param onShown told the position of the token that is inspected, and undefined when none is any more */
  constructor(
    label: string,
    private readonly inspector: Inspector,
    private readonly onShown: (position: number | undefined) => void,
  ) {
    this.host = element('div', {
      class: 'tokens',
      role: 'listbox',
      'aria-label': label,
      'aria-orientation': 'horizontal',
    })
    this.host.addEventListener('focusin', ({ target }) => this.#show(target))
    this.host.addEventListener('pointerover', ({ target }) => this.#show(target))
    this.host.addEventListener('focusout', () => this.#hide())
    this.host.addEventListener('pointerleave', () => this.#hide())
    this.host.addEventListener('keydown', (event) => this.#move(event))
  }

  get steps(): readonly TokenStep[] {
    return this.#steps
  }

  add(step: TokenStep): void {
    const end = isEnd(step.text)
    const span = element('span', {
      ...{ role: 'option', 'aria-selected': 'false', tabindex: this.#spans.length === 0 ? 0 : -1 },
      class: `token ${end ? 'end ' : ''}${heatClass(step.temperature, this.#hottest)}`,
    })
    span.textContent = visibleText(step.text)
    this.#steps.push(step)
    this.#spans.push(span)
    this.host.append(span)
    if (/\n/.test(step.text)) this.host.append(element('br'))
  }

  /** The temperature at the end of the colours' scale. */
  set hottest(temperature: number) {
    if (temperature === this.#hottest) return
    this.#hottest = temperature
    this.#spans.forEach((span, i) => {
      span.classList.remove(...[...span.classList].filter((name) => name.startsWith('heat-')))
      span.classList.add(heatClass(this.#steps[i].temperature, temperature))
    })
  }

  /** Shows a token as if it was pointed at. */
  inspect(position: number): void {
    this.#show(this.#spans[position])
  }

  /** Ends what `inspect` began. */
  release(): void {
    this.#hide()
  }

  #show(target: EventTarget | null): void {
    const position = this.#spans.indexOf(target as HTMLElement)
    if (position === -1) return
    this.#unmark()
    this.#spans[position].setAttribute('aria-selected', 'true')
    this.inspector.show(this.#steps[position], this.#spans[position], { position, of: this.#spans.length })
    this.onShown(position)
  }

  #hide(): void {
    // A token with the focus stays shown when the pointer leaves.
    const focused = this.#spans.indexOf(document.activeElement as HTMLElement)
    if (focused !== -1) {
      this.#show(this.#spans[focused])
      return
    }
    this.#unmark()
    this.inspector.leave()
    this.onShown(undefined)
  }

  #unmark(): void {
    for (const span of this.host.querySelectorAll('[aria-selected="true"]')) span.setAttribute('aria-selected', 'false')
  }

  #move(event: KeyboardEvent): void {
    const last = this.#spans.length - 1
    const here = Math.max(0, this.#spans.indexOf(document.activeElement as HTMLElement))
    const places: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: last,
    }
    if (event.key === 'Escape') this.inspector.hide()
    if (places[event.key] === undefined) return
    event.preventDefault()
    const next = Math.min(last, Math.max(0, places[event.key]))
    this.#spans[this.#focused].tabIndex = -1
    this.#spans[next].tabIndex = 0
    this.#focused = next
    this.#spans[next].focus()
  }
}
