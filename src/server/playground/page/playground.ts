import { AnswerError, type AnswerStart } from '../shared/answer-stream.js'
import { fromFragment, type PageState, toFragment } from '../shared/state.js'
import type { PlaygroundSettings } from '../shared/types.js'
import type { Client } from './client.js'
import { Column } from './column.js'
import { byId } from './dom.js'
import { ExampleMenu } from './examples.js'
import { Form, initialState } from './form.js'
import { Inspector } from './inspector.js'
import { showLegend } from './legend.js'
import { type Chosen, MapPanel } from './map-panel.js'
import { Preview } from './preview.js'
import { chosenBy, Run } from './run.js'

/** The page at work: settings on the left, map and answers on the right. */
export class Playground {
  readonly #form: Form
  readonly #menu: ExampleMenu
  readonly #map: MapPanel | undefined
  readonly #columns: { edt: Column; fixed: Column }
  readonly #generate = byId('generate', HTMLButtonElement)
  readonly #stop = byId('stop', HTMLButtonElement)
  readonly #preview: Preview
  #chosen: Chosen | undefined
  #run: Run | undefined
  #drawn = false
  /** Counts what the tuner could be asked for; a choice that was made for an earlier prompt or balance says nothing about this one. */
  #asked = 0
  #frame = 0

  constructor(
    private readonly client: Client,
    private readonly settings: PlaygroundSettings,
  ) {
    const inspector = new Inspector(byId('inspector', HTMLElement))
    this.#columns = {
      edt: new Column(byId('column-edt', HTMLElement), 'edt', inspector),
      fixed: new Column(byId('column-fixed', HTMLElement), 'fixed', inspector),
    }
    this.#preview = new Preview(client, (choice, state) => this.#showChoice(choice, state))
    this.#form = new Form(settings, (field) => this.#changed(field))
    const load = async (task: string) => {
      try {
        return (await client.examples(task)).examples
      } catch (error) {
        this.#fail(error)
        return []
      }
    }
    this.#menu = new ExampleMenu(
      settings,
      load,
      (task) => this.#set({ task }),
      (prompt) => this.#set({ prompt }),
    )
    const places = { map: byId('map', HTMLElement), side: byId('map-side', HTMLElement) }
    if (settings.tuner === undefined)
      places.side.textContent = 'No tuner is loaded, so there is no map; T0 and θ are set by hand.'
    else this.#map = new MapPanel(settings.tuner, places, (cell) => this.#set(cell))
    byId('controls', HTMLFormElement).addEventListener('submit', () => void this.#draw())
    this.#stop.addEventListener('click', () => this.#run?.stop())
    byId('copy-link', HTMLButtonElement).addEventListener('click', () => void this.#copyLink())
    byId('new-seed', HTMLButtonElement).addEventListener('click', () => {
      this.#set({ seed: Math.floor(Math.random() * 2 ** 31) })
      if (this.#drawn) void this.#draw()
    })
    addEventListener('hashchange', () => void this.open(location.hash))
  }

  /** Sets the page as a link says, and draws the answers if they were there when the link was made. */
  async open(fragment: string): Promise<void> {
    const { state, run } = fromFragment(fragment)
    this.#form.set({ t0: undefined, theta: undefined, ...initialState(this.settings), ...state })
    const { task, prompt } = this.#form.state
    this.#forget()
    await this.#menu.show(task, prompt)
    if (run && prompt !== '') await this.#draw()
  }

  #set(fields: Partial<PageState>): void {
    this.#form.set(fields)
    for (const field of Object.keys(fields)) this.#changed(field as keyof PageState)
  }

  #changed(field: keyof PageState): void {
    if (field === 'prompt') this.#menu.showPrompt(this.#form.state.prompt)
    if (['prompt', 'balance', 'chat', 't0', 'theta'].includes(field)) this.#forget()
    else this.#showMap()
  }

  /** What the tuner chose holds for one prompt and one balance; what is set by hand holds at once. */
  #forget(): void {
    const { state } = this.#form
    const { t0, theta } = state
    const byHand = t0 !== undefined && theta !== undefined
    this.#chosen = byHand ? { t0, theta, by: 'set by hand' } : undefined
    this.#asked++
    this.#preview.forget()
    if (!byHand && state.prompt.trim() !== '') this.#preview.ask(state)
    this.#showMap()
  }

  #showChoice(choice: AnswerStart, state: PageState): void {
    this.#form.showChosen(choice)
    this.#chosen = { t0: choice.t0 ?? 0, theta: choice.theta ?? 0, by: chosenBy(choice, state) }
    this.#showMap()
  }

  #showMap(): void {
    this.#map?.show(this.#form.state, this.#chosen)
  }

  async #draw(): Promise<void> {
    const { state } = this.#form
    const status = byId('status', HTMLElement)
    byId('error', HTMLElement).hidden = true
    if (state.prompt.trim() === '') {
      this.#fail(new AnswerError('There is no prompt yet; type one, or choose a task and one of its examples.'))
      return byId('prompt', HTMLTextAreaElement).focus()
    }
    this.#preview.forget()
    this.#run?.stop()
    const asked = this.#asked
    const run = new Run(
      ...([this.client, this.#columns, state] as const),
      (start) => asked === this.#asked && this.#showChoice(start, state),
      (hottest) => this.#scale(hottest),
    )
    this.#run = run
    this.#busy(true)
    this.#showAnswers()
    status.textContent = `Drawing ${state.samples === 1 ? 'an answer' : `${state.samples} answers`} with each setting …`
    try {
      const { tokens, seconds } = await run.draw(this.settings.tuner !== undefined)
      status.textContent = `${tokens} tokens in ${seconds.toFixed(1)} s. Point at a token, or go through them with the arrow keys.`
      this.#drawn = true
      history.replaceState(null, '', `#${toFragment(state, true)}`)
    } catch (error) {
      if (this.#run !== run) return
      const stopped = error instanceof DOMException && error.name === 'AbortError'
      status.textContent = stopped ? 'Stopped.' : ''
      if (!stopped) this.#fail(error)
      for (const column of Object.values(this.#columns)) column.clear()
      // It ended before the tuner had answered.
      if (this.#chosen === undefined) this.#forget()
    } finally {
      if (this.#run === run) {
        this.#run = undefined
        this.#busy(false)
      }
    }
  }

  /** On narrow screens the answers lie below the settings. */
  #showAnswers(): void {
    if (!matchMedia('(max-width: 56rem)').matches) return
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
    byId('status', HTMLElement).scrollIntoView({ behavior })
  }

  /** Tokens come faster than screens are drawn, so what concerns all of them is done once a frame. */
  #scale(hottest: number): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.#rescale(hottest))
  }

  #rescale(hottest: number): void {
    const extents = Object.values(this.#columns).map((column) => column.extent)
    const most = (field: keyof (typeof extents)[number]) => Math.max(...extents.map((extent) => extent[field])) || 1
    const scales = { entropy: most('entropy'), temperature: most('temperature'), positions: most('positions') }
    for (const column of Object.values(this.#columns)) column.scale(hottest, scales)
    showLegend(hottest)
  }

  #busy(busy: boolean): void {
    const focused = document.activeElement
    this.#generate.disabled = busy
    this.#stop.disabled = !busy
    if (busy && focused === this.#generate) this.#stop.focus({ preventScroll: true })
    if (!busy && focused === this.#stop) this.#generate.focus({ preventScroll: true })
  }

  async #copyLink(): Promise<void> {
    history.replaceState(null, '', `#${toFragment(this.#form.state, this.#drawn)}`)
    const copied = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    )
    byId('status', HTMLElement).textContent = copied
      ? 'The link is in the clipboard.'
      : 'The link is in the address bar.'
  }

  #fail(error: unknown): void {
    const notice = byId('error', HTMLElement)
    notice.textContent = error instanceof AnswerError ? error.message : `Something went wrong in this page: ${error}`
    notice.hidden = false
  }
}
