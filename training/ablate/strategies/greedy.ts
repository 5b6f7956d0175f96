import type { AblationStrategy, Decoding } from './types.js'

/** The most probable token at every step: the quality that sampling gives up, and no diversity. */
export function greedy(decoding: Decoding): AblationStrategy {
  return {
    id: 'greedy',
    label: 'greedy',
    setting: '',
    rolloutFor: () => ({ strategy: { name: 'greedy' }, ...decoding }),
  }
}
