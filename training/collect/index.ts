export { type CollectOptions, type CollectResult, collect, type FailedPrompt } from './collect.js'
export { RolloutError, WorkerDiedError } from './errors.js'
export type { CostEstimate, MeasuredRate } from './estimate.js'
export { cellStrategy, DEFAULT_GRID, gridCells } from './grid.js'
export { planCost } from './plan-cost.js'
export type { CollectProgress } from './progress.js'
export { newRolloutProfile, ROLLOUT_ROWS, type RolloutOptions, type RolloutProfile, runRollouts } from './rollouts.js'
export { openRunner, type RunJobsOptions, runJobs } from './runner.js'
export type {
  ModelDescription,
  ModelOptions,
  Overflow,
  RolloutOutcome,
  RolloutRunner,
  RunnerOptions,
} from './types.js'
