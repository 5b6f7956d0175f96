import type { DecodeProfile } from '../lm/index.js'
import { type Flags, toggle } from './flags.js'
import { significant, table } from './format.js'
import type { Output } from './output.js'

export const profileFlag = {
  profile: toggle('A table of where the time went: model, keys and values, draw, bookkeeping', {
    group: 'Output:',
    recorded: false,
  }),
} satisfies Flags

/** What each part of a profile is, in the order of the table. */
const PARTS: [keyof (DecodeProfile & { score?: number }), string][] = [
  ['prefill', 'prompts through the model'],
  ['model', 'model'],
  ['cache', 'keys and values'],
  ['draw', 'draw'],
  ['bookkeeping', 'bookkeeping'],
  ['score', 'scores and features'],
]

/** Prints each part's time, its share, and what it is of one step; times of several processes are sums. */
export function printProfile(profile: DecodeProfile & { score?: number }, output: Output): void {
  const { steps, rows, lanes } = profile
  const present = PARTS.filter(([part]) => profile[part] !== undefined)
  const total = present.reduce((sum, [part]) => sum + profile[part]!, 0)
  const perStep = new Set<string>(['model', 'cache', 'draw', 'bookkeeping'])
  const cells = present.map(([part, name]) => {
    const time = profile[part]!
    return [
      name,
      significant(time / 1000, 3),
      `${total > 0 ? ((100 * time) / total).toFixed(1) : '0.0'} %`,
      perStep.has(part) && steps > 0 ? significant(time / steps, 3) : '',
    ]
  })
  output.print(table(['part', 'seconds', 'share', 'ms a step'], cells, ['left', 'right', 'right', 'right']))
  if (steps > 0) {
    const [drawn, computed] = [rows / steps, lanes / steps].map((mean) => significant(mean, 3))
    output.print(
      `${steps.toLocaleString('en')} steps of ${drawn} rows on average; the model computed ${computed} of them`,
    )
  }
}
