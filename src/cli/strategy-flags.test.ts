import { describe, expect, it } from 'vitest'
import { resolveSettings } from './settings.js'
import { strategyFlags, temperatureChoice } from './strategy-flags.js'

const choose = (given: Record<string, unknown>) => temperatureChoice(resolveSettings(strategyFlags, given))

describe('the flags of the temperature', () => {
  it.each([
    [{}, { tuner: undefined, t0: undefined, theta: undefined, asked: {} }],
    [{ tuner: 'runs/a' }, { tuner: 'runs/a', t0: undefined, theta: undefined, asked: {} }],
    [{ t0: 0.6 }, { tuner: undefined, t0: 0.6, theta: undefined, asked: {} }],
    [{ balance: 0.8 }, { tuner: undefined, asked: { balance: 0.8 } }],
    [
      { 'min-t0': 0.3, 'max-t0': 1.2 },
      { tuner: undefined, asked: { t0Range: [0.3, 1.2] } },
    ],
    [
      { theta: 2, 'max-t0': 1 },
      { tuner: undefined, theta: 2, asked: { t0Range: [0, 1] } },
    ],
    [{ 'min-theta': 1 }, { tuner: undefined, asked: { thetaRange: [1, Number.POSITIVE_INFINITY] } }],
    [{ t0: 0.6, theta: 0.1 }, { strategy: { name: 'edt', t0: 0.6, theta: 0.1 } }],
    [{ temperature: 0.8 }, { strategy: { name: 'fixed', temperature: 0.8 } }],
    [{ strategy: 'greedy' }, { strategy: { name: 'greedy' } }],
    [{ strategy: 'edt', t0: 1, theta: 2, base: 0.5 }, { strategy: { name: 'edt', t0: 1, theta: 2, base: 0.5 } }],
    [
      { strategy: 'dynatemp', 'min-temperature': 0.2, 'max-temperature': 2, exponent: 2 },
      { strategy: { name: 'dynatemp', min: 0.2, max: 2, exponent: 2 } },
    ],
    [
      { strategy: 'kld', temperature: 1, bandwidth: 0.5 },
      { strategy: { name: 'kld', temperature: 1, bandwidth: 0.5 } },
    ],
  ])('%j mean %j', (given, expected) => {
    expect(choose(given)).toEqual(expected)
  })

  it.each([
    [{ strategy: 'fixed' }, 'The rule fixed needs --temperature.'],
    [{ strategy: 'dynatemp' }, 'The rule dynatemp needs --min-temperature and --max-temperature.'],
    [{ strategy: 'fixed', temperature: 1, theta: 2 }, '--theta has no meaning for the rule fixed'],
    [{ tuner: 'a', strategy: 'greedy' }, '--tuner chooses T0 and theta, --strategy greedy does without it'],
    [{ t0: 1, theta: 2, balance: 0.8 }, '--balance has no meaning for the rule edt'],
    [{ strategy: 'greedy', 'max-t0': 1 }, '--max-t0 has no meaning for the rule greedy'],
    [{ 'min-t0': 2, 'max-t0': 1 }, '--min-t0 2 is above --max-t0 1, so that no T0 is left.'],
    [{ balance: 1.5 }, '--balance must be a number above 0 and at most 1, but is 1.5.'],
    [{ base: 0.5 }, '--base has no meaning for a tuner'],
    [{ temperature: 0.8, t0: 1 }, '--t0 has no meaning for the rule fixed'],
  ])('%j are refused', (given, message) => {
    expect(() => choose(given)).toThrow(message)
  })
})
