import type { AnswerEvent, AnswerStart } from '../shared/answer-stream.js'
import type { Side } from '../shared/request.js'
import type { TokenStep } from '../shared/token-facts.js'
import type { SelfBleuAnswer } from '../shared/types.js'
import { Chart, type ChartScales } from './chart.js'
import { element } from './dom.js'
import type { Inspector } from './inspector.js'
import { TokenLine } from './tokens.js'

interface Answer {
  item: HTMLElement
  button: HTMLButtonElement
  line: TokenLine
  reason: HTMLElement
  text: string
}

const TITLES: Record<Side, string> = { edt: 'EDT', fixed: 'Fixed temperature' }
/** Until there are answers. */
const RULES: Record<Side, string> = { edt: 'T = T0 · 0.8^(θ / entropy)', fixed: 'the same T for every token' }

/** The answers of one side: setting, figures, tokens, and the chart of the answer that is selected. */
export class Column {
  readonly #setting = element('p', { class: 'setting' })
  readonly #figures = element('dl', { class: 'figures' })
  readonly #signature = element('p', { class: 'signature' })
  readonly #list = element('ol', { class: 'answer-list' })
  readonly #chart: Chart
  readonly #rest: HTMLElement
  #answers: Answer[] = []
  #selected = 0
  #bound: number | undefined
  #selfBleu: SelfBleuAnswer | undefined
  #scales: ChartScales = { entropy: 1, temperature: 1, positions: 1 }
  #extent: ChartScales = { entropy: 0, temperature: 0, positions: 1 }
  #sums = { tokens: 0, entropy: 0, temperature: 0 }

  constructor(
    host: HTMLElement,
    private readonly side: Side,
    private readonly inspector: Inspector,
  ) {
    this.#chart = new Chart((position) => {
      const line = this.#answers[this.#selected]?.line
      if (position === undefined) line?.release()
      else line?.inspect(position)
      this.#chart.mark(position)
    })
    this.#rest = element('div', { class: 'column-rest', hidden: true }, this.#figures, this.#signature, this.#list)
    this.#rest.append(this.#chart.host)
    const heading = element('h2', { id: `${side}-heading` }, TITLES[side])
    host.replaceChildren(element('div', {}, heading, this.#setting), this.#rest)
    this.setting = RULES[side]
  }

  /** Empties the column for so many answers. */
  begin(answers: number, setting: string): void {
    this.inspector.hide()
    this.#selfBleu = undefined
    this.#bound = undefined
    this.#selected = 0
    this.#extent = { entropy: 0, temperature: 0, positions: 1 }
    this.#sums = { tokens: 0, entropy: 0, temperature: 0 }
    this.#rest.hidden = false
    this.setting = setting
    this.#answers = Array.from({ length: answers }, (_, i) => this.#answer(i))
    this.#list.replaceChildren(...this.#answers.map(({ item }) => item))
    this.#select(0)
    this.#tellFigures()
  }

  /** Takes back what was begun, unless there are tokens to look at. */
  clear(): void {
    if (this.#sums.tokens > 0) return
    this.#answers = []
    this.#rest.hidden = true
    this.setting = RULES[this.side]
  }

  set setting(text: string) {
    this.#setting.textContent = text
  }

  get texts(): string[] {
    return this.#answers.map(({ text }) => text)
  }

  /** Largest entropy, temperature and length that the column's chart needs room for. */
  get extent(): ChartScales {
    return { ...this.#extent, temperature: Math.max(this.#extent.temperature, this.#bound ?? 0) }
  }

  start({ t0 }: AnswerStart): void {
    this.#bound = t0
  }

  take(event: Exclude<AnswerEvent, { type: 'start' }>): void {
    const answer = this.#answers[event.answer]
    if (event.type === 'end') {
      answer.reason.textContent = `${answer.line.steps.length} tokens, ${event.reason === 'stop' ? 'ended by itself' : 'cut at the limit'}`
      return
    }
    answer.text += event.text
    for (const step of event.steps) this.#add(answer, step)
    answer.reason.textContent = `${answer.line.steps.length} tokens`
  }

  set selfBleu(answer: SelfBleuAnswer) {
    this.#selfBleu = answer
    this.#tellFigures()
  }

  /** @param hottest temperature at the end of the colours' scale @param scales what both columns need room for */
  scale(hottest: number, scales: ChartScales): void {
    for (const { line } of this.#answers) line.hottest = hottest
    this.#scales = scales
    this.#tellFigures()
    this.#redraw()
  }

  #add({ line }: Answer, step: TokenStep): void {
    line.add(step)
    const { entropy, temperature, positions } = this.#extent
    this.#extent = {
      entropy: Math.max(entropy, step.entropy),
      temperature: Math.max(temperature, step.temperature),
      positions: Math.max(positions, line.steps.length),
    }
    this.#sums.tokens++
    this.#sums.entropy += step.entropy
    this.#sums.temperature += step.temperature
  }

  #answer(i: number): Answer {
    const line = new TokenLine(`Tokens of answer ${i + 1}, ${TITLES[this.side]}`, this.inspector, (position) => {
      this.#select(i)
      this.#chart.mark(position)
    })
    const button = element('button', { type: 'button', class: 'quiet' }, `Answer ${i + 1}`)
    button.addEventListener('click', () => this.#select(i))
    const reason = element('span')
    const head = element('div', { class: 'answer-head' }, button, reason)
    return { item: element('li', { class: 'answer' }, head, line.host), button, line, reason, text: '' }
  }

  #select(selected: number): void {
    const changed = selected !== this.#selected
    this.#selected = selected
    this.#answers.forEach(({ item, button }, i) => {
      item.classList.toggle('selected', i === selected && this.#answers.length > 1)
      button.setAttribute('aria-pressed', String(i === selected))
    })
    if (changed) this.#redraw()
  }

  #redraw(): void {
    const steps = this.#answers[this.#selected]?.line.steps ?? []
    const told = `Entropy and temperature of answer ${this.#selected + 1} by position. ${summary(steps)}`
    this.#chart.show(steps, this.#scales, this.#bound, told)
  }

  #tellFigures(): void {
    const { tokens } = this.#sums
    const mean = (field: 'entropy' | 'temperature') => (tokens === 0 ? '–' : (this.#sums[field] / tokens).toFixed(2))
    const several = this.#answers.length > 1
    const entries = {
      ...(several ? { 'Self-BLEU': this.#selfBleu === undefined ? '–' : this.#selfBleu.score.toFixed(1) } : {}),
      'mean entropy': mean('entropy'),
      'mean T': mean('temperature'),
      tokens: String(tokens),
    }
    const rows = Object.entries(entries).map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value)),
    )
    this.#figures.replaceChildren(...rows)
    // It may be broken after each of its parts.
    const parts = this.#selfBleu?.signature.split(/(?<=\|)/) ?? []
    this.#signature.replaceChildren(...parts.flatMap((part) => [part, element('wbr')]))
    this.#signature.hidden = !several
  }
}

/** The chart in words. */
function summary(steps: readonly TokenStep[]): string {
  if (steps.length === 0) return 'No tokens yet.'
  const range = (field: 'entropy' | 'temperature') => {
    const values = steps.map((step) => step[field])
    return `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`
  }
  return `${steps.length} tokens; entropy ${range('entropy')} nats, temperature ${range('temperature')}.`
}
