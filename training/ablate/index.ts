export { UnknownTaskReferenceError } from '../surfaces/errors.js'
export { bestCells, meanSurfaces } from '../surfaces/mean-surface.js'
export { ablate } from './ablate.js'
export type { EdaDifference, Interval } from './bootstrap.js'
export { AblationPromptChangedError, AblationSettingsError } from './errors.js'
export type { ShareOfHeadroom } from './headroom.js'
export type { AblateOptions, AblationProgress } from './options.js'
export { chooseCells, type NormalizedSurface, type OracleChoice, type OracleOptions } from './oracle.js'
export {
  type AblationStrategy,
  bestFixedEdt,
  bestFixedEdtPerTask,
  type Decoding,
  fixedTemperature,
  greedy,
  handSetEdt,
  learnedEdt,
} from './strategies/index.js'
export type {
  AblationResult,
  AblationTuner,
  BestCells,
  HeadroomResult,
  MeanSurface,
  ScopeResult,
  StrategyResult,
  TaskReference,
  WorkedExample,
} from './types.js'
