import type { PlaygroundSettings } from '../shared/types.js'
import { byId, element } from './dom.js'

/** Model and tuner, at the head of the page. */
export function showServed({ model, tuner }: PlaygroundSettings): void {
  const entries = {
    model: `${model.id} (${model.dtype}, ${model.device})`,
    tuner: tuner?.name ?? 'none: set T0 and θ by hand',
  }
  const rows = Object.entries(entries).map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value)),
  )
  byId('served', HTMLElement).replaceChildren(...rows)
}
