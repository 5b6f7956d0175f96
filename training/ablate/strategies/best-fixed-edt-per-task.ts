import type { Cell } from '../../types.js'
import type { AblationStrategy, Decoding } from './types.js'

/**
 * EDT with each task's own best cell on the training prompts. It has to be told the task of a prompt, which no other strategy is; with one
 * task it is the best fixed EDT.
 *
 * @param cells one for each task that `rolloutFor` will meet
 */
export function bestFixedEdtPerTask(cells: Readonly<Record<string, Cell>>, decoding: Decoding): AblationStrategy {
  return {
    id: 'best-fixed-edt-per-task',
    label: 'best fixed EDT per task',
    setting: 'per task',
    rolloutFor: ({ definition }) => {
      const { t0, theta } = cells[definition.name]
      return { strategy: { name: 'edt', t0, theta }, ...decoding }
    },
  }
}
