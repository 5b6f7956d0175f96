import { InvalidOptionError } from '../errors.js'
import { extractFeatures, observePrompt } from '../features/index.js'
import type { FeatureVector } from '../features/types.js'
import type { Prefill } from '../lm/types.js'
import type { StrategySpec } from '../sampling/types.js'
import type { GenerateOptions } from './types.js'

/** The strategy that is in force for one prompt, and where it came from. */
export interface Choice {
  strategy: StrategySpec
  chosenBy: 'tuner' | 'user' | 'tuner and user'
  features?: FeatureVector
}

/**
 * Checks that exactly one way of choosing is given: `strategy`, `t0` with `theta`, or `tuner` (with `t0` or `theta` to override).
 * @throws {InvalidOptionError}
 */
export function checkChoice({ tuner, t0, theta, strategy }: GenerateOptions): void {
  const edt = t0 !== undefined || theta !== undefined
  if (strategy !== undefined && (edt || tuner !== undefined)) {
    throw new InvalidOptionError('strategy', 'given without tuner, t0 and theta', strategy.name, 'Choose one of them.')
  }
  if (strategy !== undefined || tuner !== undefined) return
  if (!edt) throw new InvalidOptionError('tuner', 'given, or t0 and theta, or strategy', undefined)
  if (t0 === undefined) throw new InvalidOptionError('t0', 'given together with theta', t0)
  if (theta === undefined) throw new InvalidOptionError('theta', 'given together with t0', theta)
}

/** Chooses the strategy for one prompt; the tuner's forward pass happens here. */
export function choose(options: GenerateOptions, prompt: string, prefill: Prefill): Choice {
  const { tuner, strategy, base } = options
  if (strategy !== undefined) return { strategy, chosenBy: 'user' }
  let { t0, theta } = options
  if (tuner === undefined) {
    return { strategy: edtSpec(t0!, theta!, base), chosenBy: 'user' }
  }
  const features = extractFeatures(observePrompt(prompt, prefill), tuner.metadata.features.groups)
  const predicted = tuner.predict(features)
  const overridden = t0 !== undefined || theta !== undefined
  t0 ??= predicted.t0
  theta ??= predicted.theta
  return { strategy: edtSpec(t0, theta, base), chosenBy: overridden ? 'tuner and user' : 'tuner', features }
}

function edtSpec(t0: number, theta: number, base: number | undefined): StrategySpec {
  return base === undefined ? { name: 'edt', t0, theta } : { name: 'edt', t0, theta, base }
}
