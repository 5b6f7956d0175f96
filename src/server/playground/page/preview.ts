import type { AnswerStart } from '../shared/answer-stream.js'
import { choiceRequest } from '../shared/request.js'
import type { PageState } from '../shared/state.js'
import type { Client } from './client.js'

/** Time in ms in which nothing changes before the tuner is asked: a slider is moved in many steps. */
const PAUSE = 250

/** Asks the tuner what it would choose, some time after the last change. */
export class Preview {
  #timer: ReturnType<typeof setTimeout> | undefined
  #request: AbortController | undefined

  /** @param onChoice told T0 and θ; not told anything when the server refuses, since drawing the answers will say why */
  constructor(
    private readonly client: Client,
    private readonly onChoice: (choice: AnswerStart, state: PageState) => void,
  ) {}

  /** Asks soon; what was asked before is forgotten. */
  ask(state: PageState): void {
    this.forget()
    this.#timer = setTimeout(async () => {
      const request = new AbortController()
      this.#request = request
      const { path, body } = choiceRequest(state)
      const choice = await this.client.choice(path, body, request.signal).catch(() => undefined)
      if (choice !== undefined && !request.signal.aborted) this.onChoice(choice, state)
    }, PAUSE)
  }

  forget(): void {
    clearTimeout(this.#timer)
    this.#request?.abort()
  }
}
