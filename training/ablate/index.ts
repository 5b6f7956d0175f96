export { UnknownTaskReferenceError } from '../surfaces/errors.js'
export { bestCells, meanSurfaces } from '../surfaces/mean-surface.js'
export { ablate } from './ablate.js'
export type { EdaDifference, Interval } from './bootstrap.js'
export { AblationFormatError, AblationPromptChangedError, AblationSettingsError } from './errors.js'
export type { ShareOfHeadroom } from './headroom.js'
export type { AblateOptions, AblationProgress } from './options.js'
export { chooseCells, type NormalizedSurface, type OracleChoice, type OracleOptions } from './oracle.js'
export {
  everyStrategy,
  type ReadyStrategy,
  type Sampling,
  type Setting,
  type Strategy,
  type StrategyContext,
  strategyNames,
} from './strategies/index.js'
export type {
  AblationResult,
  AblationTuner,
  BestCells,
  Curve,
  HeadroomResult,
  MeanSurface,
  ScopeCurves,
  ScopeResult,
  StrategyResult,
  TaskReference,
  WorkedExample,
} from './types.js'
