import type { PlaygroundExample, PlaygroundSettings } from '../shared/types.js'
import { byId, element } from './dom.js'

/** The menus of tasks and of their examples, with the reference answers of the one that is chosen. */
export class ExampleMenu {
  readonly #task = byId('task', HTMLSelectElement)
  readonly #example = byId('example', HTMLSelectElement)
  readonly #references = byId('references', HTMLDetailsElement)
  #examples: readonly PlaygroundExample[] = []
  #prompt = ''

  /**
   * @param load asks the server for a task's examples
   * @param onTask told the task that was chosen, '' for none
   * @param onPrompt told the prompt of the example that was chosen
   */
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly load: (task: string) => Promise<readonly PlaygroundExample[]>,
    private readonly onTask: (task: string) => void,
    private readonly onPrompt: (prompt: string) => void,
  ) {
    this.#task.append(...settings.tasks.map(({ name }) => element('option', { value: name }, name)))
    this.#task.addEventListener('change', () => void this.#change())
    this.#example.addEventListener('change', () => this.#take())
  }

  /** Shows a task, and of its examples the one with that prompt, without telling anyone. */
  async show(task: string, prompt: string): Promise<void> {
    const known = this.settings.tasks.find(({ name }) => name === task)
    this.#task.value = known?.name ?? ''
    byId('task-hint', HTMLElement).textContent = known?.description ?? ''
    const examples = known?.examples ? await this.load(known.name) : []
    // Another task may have been chosen in the meantime.
    if (this.#task.value !== (known?.name ?? '')) return
    this.#examples = examples
    const shared = sharedStart(this.#examples.map(({ prompt: text }) => text))
    const menu = this.#examples.map(({ id, prompt: text }, i) =>
      element('option', { value: id }, `${i + 1}. ${shorten(text.slice(shared))}`),
    )
    const first = known === undefined || known.examples ? 'none' : 'no examples of this task here'
    this.#example.replaceChildren(element('option', { value: '' }, first), ...menu)
    this.#example.disabled = menu.length === 0
    this.showPrompt(prompt)
  }

  /** Marks the example that has this prompt, if one has. */
  showPrompt(prompt: string): void {
    this.#prompt = prompt
    const example = this.#examples.find((known) => known.prompt === prompt)
    this.#example.value = example?.id ?? ''
    this.#references.hidden = example === undefined
    const texts = (example?.references ?? []).map((text) => element('p', {}, text))
    byId('reference-texts', HTMLElement).replaceChildren(...texts)
  }

  async #change(): Promise<void> {
    const own = this.#prompt.trim() !== '' && this.#example.value === ''
    const task = this.#task.value
    this.onTask(task)
    await this.show(task, this.#prompt)
    // A task is chosen to see one of its prompts, unless the reader has typed another: that stays.
    if (!own && this.#examples.length > 0) {
      this.#example.value = this.#examples[0].id
      this.#take()
    }
  }

  #take(): void {
    const example = this.#examples.find(({ id }) => id === this.#example.value)
    if (example === undefined) return
    this.showPrompt(example.prompt)
    this.onPrompt(example.prompt)
  }
}

/** How many characters all texts begin with, up to a space: a template's opening words tell no example from another. */
function sharedStart([first = '', ...others]: readonly string[]): number {
  const differ = [...first].findIndex((_, i) => others.some((text) => text[i] !== first[i]))
  return others.length === 0 || differ === -1 ? 0 : first.lastIndexOf(' ', differ) + 1
}

function shorten(prompt: string): string {
  const line = prompt.replaceAll(/\s+/g, ' ')
  return line.length > 64 ? `${line.slice(0, 63)}…` : line
}
