import type { Cell } from '../../types.js'
import type { AblationStrategy, Decoding } from './types.js'

/**
 * EDT with what the tuner predicts for the prompt.
 * @param predictions by prompt key, of every prompt that `rolloutFor` will meet
 */
export function learnedEdt(predictions: ReadonlyMap<string, Cell>, decoding: Decoding): AblationStrategy {
  return {
    id: 'learned-edt',
    label: 'learned EDT',
    setting: 'per prompt',
    rolloutFor: ({ promptId }) => {
      const { t0, theta } = predictions.get(promptId)!
      return { strategy: { name: 'edt', t0, theta }, ...decoding }
    },
  }
}
