import type { StrategySpec } from '../sampling/types.js'
import type { Bounds, PredictOptions } from '../tuner/index.js'
import { UsageError } from './errors.js'
import { choice, decimal, type Flags, flagName, type Settings, text } from './flags.js'

const NAMES = ['greedy', 'fixed', 'edt', 'edt-sequence', 'dynatemp', 'kld'] as const

/** Flags that say how the temperature is chosen. */
export const strategyFlags = {
  tuner: text('Tuner that chooses T0 and theta: a name, a checkpoint folder or a run folder', {
    group: 'Temperature:',
    defaultDescription: 'the one shipped for the model',
  }),
  balance: decimal('How much quality counts against diversity for the tuner: near 0 diversity, near 1 quality', {
    above: 0,
    max: 1,
    group: 'Temperature:',
    defaultDescription: '0.5',
  }),
  minT0: decimal('Least T0 that the tuner may choose', { min: 0, group: 'Temperature:' }),
  maxT0: decimal('Highest T0 that the tuner may choose', { above: 0, group: 'Temperature:' }),
  minTheta: decimal('Least theta that the tuner may choose', { min: 0, group: 'Temperature:' }),
  maxTheta: decimal('Highest theta that the tuner may choose', { min: 0, group: 'Temperature:' }),
  t0: decimal('T0, the upper bound of the temperature; with --theta instead of a tuner', {
    min: 0,
    group: 'Temperature:',
  }),
  theta: decimal('Sensitivity to entropy; 0 is a fixed temperature', { min: 0, group: 'Temperature:' }),
  base: decimal("EDT's base N", { above: 0, group: 'Temperature:', defaultDescription: '0.8' }),
  strategy: choice('A rule without a tuner', NAMES, { group: 'Temperature:' }),
  temperature: decimal('Temperature of fixed and kld; alone it means --strategy fixed', {
    min: 0,
    group: 'Temperature:',
  }),
  minTemperature: decimal('Lower bound of dynatemp', { min: 0, group: 'Temperature:' }),
  maxTemperature: decimal('Upper bound of dynatemp', { min: 0, group: 'Temperature:' }),
  exponent: decimal('Exponent of dynatemp', { above: 0, group: 'Temperature:', defaultDescription: '1' }),
  bandwidth: decimal('Bandwidth of kld', { above: 0, group: 'Temperature:' }),
} satisfies Flags

type StrategySettings = Settings<typeof strategyFlags>

/** Which flags each rule reads; the first ones it cannot do without. */
const PARAMETERS: Record<
  StrategySpec['name'],
  { required: readonly (keyof StrategySettings)[]; optional: readonly (keyof StrategySettings)[] }
> = {
  greedy: { required: [], optional: [] },
  fixed: { required: ['temperature'], optional: [] },
  edt: { required: ['t0', 'theta'], optional: ['base'] },
  'edt-sequence': { required: ['t0', 'theta'], optional: ['base'] },
  dynatemp: { required: ['minTemperature', 'maxTemperature'], optional: ['exponent'] },
  kld: { required: ['temperature', 'bandwidth'], optional: [] },
}

/** How the temperature is chosen: by a rule with fixed values, or by a tuner whose T0 or θ may be overridden. */
export type TemperatureChoice =
  | { strategy: StrategySpec }
  | { tuner: string | undefined; t0?: number; theta?: number; asked: PredictOptions }

/** Flags of the balance and the bounds, which only a tuner reads. */
const TUNER_PARAMETERS = ['balance', 'minT0', 'maxT0', 'minTheta', 'maxTheta'] as const

/**
 * Reads the flags as one choice.
 * @throws {UsageError} for flags that exclude each other, that the rule does not read, or that it lacks
 */
export function temperatureChoice(settings: StrategySettings): TemperatureChoice {
  const { tuner, t0, theta, temperature } = settings
  const both = t0 !== undefined && theta !== undefined
  const name =
    settings.strategy ?? (temperature !== undefined ? 'fixed' : both && tuner === undefined ? 'edt' : undefined)
  if (name === undefined) {
    refuseOthers('a tuner', ['t0', 'theta', ...TUNER_PARAMETERS], settings)
    return { tuner, t0, theta, asked: asked(settings) }
  }
  if (tuner !== undefined)
    throw new UsageError(`--tuner chooses T0 and theta, --strategy ${name} does without it; give one of the two.`)
  const { required, optional } = PARAMETERS[name]
  refuseOthers(`the rule ${name}`, [...required, ...optional], settings)
  const missing = required.filter((parameter) => settings[parameter] === undefined)
  if (missing.length > 0)
    throw new UsageError(
      `The rule ${name} needs ${missing.map((parameter) => `--${flagName(parameter)}`).join(' and ')}.`,
    )
  return { strategy: toSpec(name, settings) }
}

function asked({ balance, minT0, maxT0, minTheta, maxTheta }: StrategySettings): PredictOptions {
  return {
    balance,
    t0Range: rangeOf('T0', minT0, maxT0),
    thetaRange: rangeOf('theta', minTheta, maxTheta),
  }
}

/** @throws {UsageError} when the bounds leave nothing between them */
function rangeOf(name: string, least: number | undefined, most: number | undefined): Bounds | undefined {
  if (least === undefined && most === undefined) return undefined
  const range = [least ?? 0, most ?? Number.POSITIVE_INFINITY] as const
  if (range[0] <= range[1]) return range
  const flag = name.toLowerCase()
  throw new UsageError(`--min-${flag} ${least} is above --max-${flag} ${most}, so that no ${name} is left.`)
}

/** Called when all required values are there. */
function toSpec(name: StrategySpec['name'], settings: StrategySettings): StrategySpec {
  const { base, exponent } = settings
  const [t0, theta, temperature] = [settings.t0!, settings.theta!, settings.temperature!]
  switch (name) {
    case 'greedy':
      return { name }
    case 'fixed':
      return { name, temperature }
    case 'edt':
    case 'edt-sequence':
      return { name, t0, theta, ...(base === undefined ? {} : { base }) }
    case 'dynatemp': {
      const range = { min: settings.minTemperature!, max: settings.maxTemperature! }
      return { name, ...range, ...(exponent === undefined ? {} : { exponent }) }
    }
    case 'kld':
      return { name, temperature, bandwidth: settings.bandwidth! }
  }
}

function refuseOthers(reader: string, read: readonly (keyof StrategySettings)[], settings: StrategySettings): void {
  for (const name of Object.keys(strategyFlags) as (keyof StrategySettings)[]) {
    if (name === 'tuner' || name === 'strategy' || read.includes(name) || settings[name] === undefined) continue
    throw new UsageError(
      `--${flagName(name)} has no meaning for ${reader}; leave it out or choose a rule with --strategy.`,
    )
  }
}
