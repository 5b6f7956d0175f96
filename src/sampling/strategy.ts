import { InvalidOptionError } from '../errors.js'
import { dynatemp } from './rules/dynatemp.js'
import { edt } from './rules/edt.js'
import { edtSequence } from './rules/edt-sequence.js'
import { fixed } from './rules/fixed.js'
import { greedy } from './rules/greedy.js'
import { kld } from './rules/kld.js'
import type { StrategySpec, TemperatureRule } from './types.js'

type StrategyName = StrategySpec['name']
type SpecOf<Name extends StrategyName> = Extract<StrategySpec, { name: Name }>
interface StrategyEntry<Spec> {
  create(spec: Spec): TemperatureRule
  /** Settings worth showing; the contract suite runs every one of them. */
  examples: Spec[]
}

/** Every rule that a strategy can name. A new rule is one file and one line here; the contract suite picks it up. */
export const strategies: { readonly [Name in StrategyName]: StrategyEntry<SpecOf<Name>> } = {
  greedy: { create: greedy, examples: [{ name: 'greedy' }] },
  fixed: { create: fixed, examples: [0.3, 1, 2.2].map((temperature) => ({ name: 'fixed', temperature })) },
  edt: {
    create: edt,
    examples: [
      { name: 'edt', t0: 0.6, theta: 0.1 },
      { name: 'edt', t0: 1.3, theta: 3 },
      { name: 'edt', t0: 1, theta: 0, base: 0.5 },
    ],
  },
  'edt-sequence': {
    create: edtSequence,
    examples: [
      { name: 'edt-sequence', t0: 1.3, theta: 3 },
      { name: 'edt-sequence', t0: 0.8, theta: 0, base: 0.5 },
    ],
  },
  dynatemp: {
    create: dynatemp,
    examples: [
      { name: 'dynatemp', min: 0.3, max: 1.5 },
      { name: 'dynatemp', min: 0, max: 2, exponent: 2 },
    ],
  },
  kld: { create: kld, examples: [{ name: 'kld', temperature: 1, bandwidth: 0.5 }] },
}

/** The names that `createRule` knows, in the order in which reports list them. */
export const strategyNames = Object.keys(strategies) as StrategyName[]

/**
 * The rule that a strategy describes.
 *
 * @example createRule({ name: 'edt', t0: 0.6, theta: 0.1 })
 * @throws {InvalidOptionError} for an unknown name or a value out of its range
 */
export function createRule(spec: StrategySpec): TemperatureRule {
  if (!Object.hasOwn(strategies, spec.name)) {
    throw new InvalidOptionError('strategy', `one of ${strategyNames.join(', ')}`, spec.name)
  }
  return (strategies[spec.name] as StrategyEntry<StrategySpec>).create(spec)
}
