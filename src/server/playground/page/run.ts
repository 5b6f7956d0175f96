import type { AnswerStart } from '../shared/answer-stream.js'
import { answerRequest, type Side } from '../shared/request.js'
import type { PageState } from '../shared/state.js'
import type { Client } from './client.js'
import type { Column } from './column.js'
import { short } from './map-panel.js'

export interface RunResult {
  tokens: number
  seconds: number
}

/** Draws the answers of both sides at once, with the same seed, and their Self-BLEU when they are complete. */
export class Run {
  readonly #controller = new AbortController()
  #start: AnswerStart | undefined

  /** @param onStart told T0 and θ before the first token */
  constructor(
    private readonly client: Client,
    private readonly columns: Record<Side, Column>,
    private readonly state: PageState,
    private readonly onStart: (start: AnswerStart) => void,
    private readonly onScale: (hottest: number) => void,
  ) {}

  /** @throws {AnswerError}, and the signal's reason when it was stopped */
  async draw(tuner: boolean): Promise<RunResult> {
    const { columns, state } = this
    const started = performance.now()
    columns.edt.begin(state.samples, 'choosing T0 and θ …')
    columns.fixed.begin(
      state.samples,
      `T ${state.temperature}${state.temperature === 0 ? ' (greedy)' : ''}, for every token`,
    )
    this.#scale()
    const sides = (['edt', 'fixed'] as const).map((side) => this.#draw(side, tuner))
    try {
      const tokens = await Promise.all(sides)
      return { tokens: tokens[0] + tokens[1], seconds: (performance.now() - started) / 1000 }
    } catch (error) {
      this.stop()
      throw error
    }
  }

  stop(): void {
    this.#controller.abort()
  }

  async #draw(side: Side, tuner: boolean): Promise<number> {
    const { state, client } = this
    const { signal } = this.#controller
    const column = this.columns[side]
    const { path, body } = answerRequest(state, side, tuner)
    let tokens = 0
    for await (const event of client.answers(path, body, signal)) {
      if (event.type === 'start') this.#begin(side, event.start)
      else {
        column.take(event)
        if (event.type === 'token') tokens += event.steps.length
        this.#scale()
      }
    }
    if (state.samples > 1) {
      const { task } = state
      column.selfBleu = await client.selfBleu({ texts: column.texts, ...(task === '' ? {} : { task }) }, signal)
    }
    return tokens
  }

  #begin(side: Side, start: AnswerStart): void {
    if (side === 'fixed' || this.#start !== undefined) return
    this.#start = start
    this.columns.edt.start(start)
    this.columns.edt.setting = `T0 ${short(start.t0 ?? 0)}, θ ${short(start.theta ?? 0)}, ${chosenBy(start, this.state)}`
    this.onStart(start)
    this.#scale()
  }

  /** No token is hotter than T0 or than the fixed temperature, so the scale is known at the start. */
  #scale(): void {
    this.onScale(Math.max(this.#start?.t0 ?? this.state.t0 ?? 0, this.state.temperature))
  }
}

/** Who set T0 and θ, in words. */
export function chosenBy({ chosen_by: who, balance }: AnswerStart, { t0 }: PageState): string {
  if (who === 'user') return 'set by hand'
  const at = balance === undefined ? '' : ` at balance ${balance}`
  if (who === 'tuner') return `set by the tuner for this prompt${at}`
  return t0 === undefined ? `T0 by the tuner${at}, θ by hand` : `T0 by hand, θ by the tuner${at}`
}
