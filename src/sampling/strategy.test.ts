import { expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.js'
import { createRule, strategyNames } from './strategy.js'
import type { StrategySpec } from './types.js'

it('names every rule', () => {
  expect(strategyNames).toEqual(['greedy', 'fixed', 'edt', 'edt-sequence', 'dynatemp', 'kld'])
})

it.each<[StrategySpec, string, number]>([
  [{ name: 'greedy' }, 'greedy', 0],
  [{ name: 'fixed', temperature: 0.8 }, 'fixed|temperature:0.8', 0.8],
  [{ name: 'edt', t0: 0.6, theta: 0.1 }, 'edt|t0:0.6|theta:0.1|base:0.8', 0.6],
  [{ name: 'edt-sequence', t0: 1.3, theta: 3 }, 'edt-sequence|t0:1.3|theta:3|base:0.8', 1.3],
  [{ name: 'dynatemp', min: 0.3, max: 1.5 }, 'dynatemp|min:0.3|max:1.5|exponent:1', 1.5],
  [{ name: 'kld', temperature: 1, bandwidth: 0.5 }, 'kld|temperature:1|bandwidth:0.5', 1],
])('creates the rule of %j', (spec, signature, upperBound) => {
  expect(createRule(spec)).toMatchObject({ name: spec.name, signature, upperBound })
})

it.each(['mirostat', 'toString'])('refuses the unknown strategy %s and lists the known ones', (name) => {
  const create = () => createRule({ name } as unknown as StrategySpec)
  expect(create).toThrow(InvalidOptionError)
  expect(create).toThrow(`strategy must be one of greedy, fixed, edt, edt-sequence, dynatemp, kld, but is "${name}".`)
})
