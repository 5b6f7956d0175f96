import { InvalidOptionError } from '../../../src/errors.js'
import { bestFixedEdt } from './best-fixed-edt.js'
import { learnedEdt } from './learned-edt.js'
import { ORACLE } from './oracle.js'
import { everyStrategy } from './table.js'
import type { Available, Strategy } from './types.js'

/** Names that `strategies` may hold: every strategy, the oracle, and `all` for all that can be used. */
export const strategyNames: readonly string[] = [...everyStrategy.map(({ id }) => id), ORACLE, 'all']

/**
 * The strategies to compare, in the order of the table, those of the caller last. The baseline and the learned tuner are always among them.
 *
 * @param asked names or strategies of one's own; undefined: the default ones, as far as they can be used
 * @throws {InvalidOptionError} for an unknown name, two strategies of one name, or one that was asked for by name and cannot be used
 */
export function selectStrategies(
  asked: readonly (string | Strategy)[] | undefined,
  available: Available,
): { strategies: Strategy[]; oracle: boolean } {
  const names = asked?.filter((entry) => typeof entry === 'string')
  const own = asked?.filter((entry) => typeof entry !== 'string') ?? []
  const unknown = names?.find((name) => !strategyNames.includes(name))
  if (unknown !== undefined) throw new InvalidOptionError('strategies', `among ${strategyNames.join(', ')}`, unknown)
  const all = names?.includes('all') ?? false
  const chosen = everyStrategy.filter((strategy) => {
    const named = names?.includes(strategy.id) ?? false
    const lacking = strategy.lacks?.(available)
    if (named && lacking !== undefined) {
      throw new InvalidOptionError('strategies', 'ones that can be used here', strategy.id, `It needs ${lacking}.`)
    }
    if (named || strategy === bestFixedEdt || strategy === learnedEdt) return true
    return lacking === undefined && (all || (names === undefined && strategy.byDefault))
  })
  const strategies = [...chosen, ...own]
  const ids = strategies.map(({ id }) => id)
  if (new Set(ids).size < ids.length) throw new InvalidOptionError('strategies', 'strategies of different names', ids)
  return { strategies, oracle: names === undefined || all || names.includes(ORACLE) }
}
