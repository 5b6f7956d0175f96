import { oneSetting } from './tuned.js'
import type { Strategy } from './types.js'

/** The most probable token at every step: the quality that sampling gives up, and no diversity. */
export const greedy: Strategy = {
  id: 'greedy',
  label: 'greedy',
  byDefault: true,
  ready: ({ truncation }) => oneSetting({ label: '', strategy: { name: 'greedy' }, truncation }),
}
