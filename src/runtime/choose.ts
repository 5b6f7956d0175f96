import { InvalidOptionError } from '../errors.js'
import { extractFeatures } from '../features/index.js'
import type { FeatureVector, PromptObservation } from '../features/types.js'
import type { StrategySpec } from '../sampling/types.js'
import type { ChoiceOptions, GenerateStart } from './types.js'

/** The strategy that is in force for one prompt, and where it came from. */
export interface Choice {
  strategy: StrategySpec
  chosenBy: GenerateStart['chosenBy']
  /** What the tuner was asked for. */
  balance?: number
  features?: FeatureVector
}

/**
 * Checks that exactly one way of choosing is given: `strategy`, `t0` with `theta`, or `tuner` (with `t0` or `theta` to override).
 * @throws {InvalidOptionError}
 */
export function checkChoice(options: ChoiceOptions): void {
  const { tuner, t0, theta, strategy } = options
  const edt = t0 !== undefined || theta !== undefined
  if (tuner === undefined) refuseTunerOptions(options)
  else tuner.checkOptions(options)
  if (strategy !== undefined && (edt || tuner !== undefined)) {
    throw new InvalidOptionError('strategy', 'given without tuner, t0 and theta', strategy.name, 'Choose one of them.')
  }
  if (strategy !== undefined || tuner !== undefined) return
  if (!edt) throw new InvalidOptionError('tuner', 'given, or t0 and theta, or strategy', undefined)
  if (t0 === undefined) throw new InvalidOptionError('t0', 'given together with theta', t0)
  if (theta === undefined) throw new InvalidOptionError('theta', 'given together with t0', theta)
}

/** Chooses the strategy for one prompt; the tuner's forward pass happens here. */
export function choose(options: ChoiceOptions, prompt: PromptObservation): Choice {
  const { tuner, t0, theta, strategy, base } = options
  if (strategy !== undefined) return { strategy, chosenBy: 'user' }
  if (tuner === undefined) {
    return { strategy: edtSpec(t0!, theta!, base), chosenBy: 'user' }
  }
  const features = extractFeatures(prompt, tuner.metadata.features.groups)
  const predicted = tuner.predict(features, options)
  const edt = edtSpec(t0 ?? predicted.t0, theta ?? predicted.theta, base)
  if (t0 !== undefined && theta !== undefined) return { strategy: edt, chosenBy: 'user', features }
  const chosenBy = t0 === undefined && theta === undefined ? 'tuner' : 'tuner and user'
  return { strategy: edt, chosenBy, balance: options.balance ?? tuner.defaultBalance, features }
}

/** @throws {InvalidOptionError} for options that only a tuner understands */
function refuseTunerOptions(options: ChoiceOptions): void {
  for (const name of ['balance', 't0Range', 'thetaRange'] as const) {
    if (options[name] !== undefined) throw new InvalidOptionError(name, 'given together with a tuner', options[name])
  }
}

function edtSpec(t0: number, theta: number, base: number | undefined): StrategySpec {
  return base === undefined ? { name: 'edt', t0, theta } : { name: 'edt', t0, theta, base }
}
