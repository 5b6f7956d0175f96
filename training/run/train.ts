import { loadTuner } from '../../src/tuner/index.js'
import type { CollectResult } from '../collect/index.js'
import { type CollectInRunOptions, collectInRun } from './collect.js'
import { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js'
import { type FitInRunOptions, type FitInRunResult, fitInRun } from './fit.js'
import type { RunFolder } from './folder.js'

export type TrainStep = 'collect' | 'fit' | 'evaluate'

export interface TrainOptions {
  collect: CollectInRunOptions
  fit?: FitInRunOptions
  /** On held-out prompts. */
  evaluate: Omit<EvaluateOptions, 'tuner'>
  /** Called before each step. */
  onStep?: (step: TrainStep) => void
  onCollected?: (result: CollectResult) => void
  onFitted?: (result: FitInRunResult) => void
}

export interface TrainResult extends Evaluation {
  collected: CollectResult
  fitted: FitInRunResult
}

/**
 * The main job: collects rollouts, fits a tuner, and compares it with fixed settings on held-out prompts. Killed at any moment, the
 * same call goes on where it stopped.
 * @throws as `collect`, `fitTuner` and `ablate`
 */
export async function train(run: RunFolder, options: TrainOptions): Promise<TrainResult> {
  const { onStep, onCollected, onFitted } = options
  onStep?.('collect')
  const collected = await collectInRun(run, options.collect)
  onCollected?.(collected)
  onStep?.('fit')
  const fitted = await fitInRun(run, options.fit)
  onFitted?.(fitted)
  onStep?.('evaluate')
  const tuner = await loadTuner(fitted.checkpoint)
  return { collected, fitted, ...(await evaluate(run, { ...options.evaluate, tuner })) }
}
