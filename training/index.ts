export {
  type AblateOptions,
  type AblationProgress,
  type AblationResult,
  type AblationTuner,
  ablate,
  type BestCells,
  everyStrategy,
  type ReadyStrategy,
  type Sampling,
  type Setting,
  type Strategy,
  type StrategyContext,
  type StrategyResult,
  type TaskReference,
} from './ablate/index.js'
export {
  type CollectOptions,
  type CollectProgress,
  type CollectResult,
  collect,
  DEFAULT_GRID,
  openRunner,
  RolloutError,
  type RolloutRunner,
  runJobs,
} from './collect/index.js'
export { type FitOptions, type FitProgress, type FitResult, fitTuner, saveTuner } from './fit/index.js'
export { formatAblation, type ReportFiles, writeReport } from './report/index.js'
export {
  type Evaluation,
  evaluate,
  type Inspection,
  inRun,
  inspect,
  RunFolderError,
  type TrainOptions,
  type TrainResult,
  train,
} from './run/index.js'
export { openStore, type Store, StoreError, type StoreSummary, storeDigest } from './store/index.js'
export {
  runStudies,
  type StudiesOptions,
  type StudiesProgress,
  type StudiesResult,
  StudyDataError,
  type StudyResult,
  type StudyRow,
} from './studies/index.js'
export type { Cell, Grid, PromptSurface, RolloutJob, RolloutResult, SurfaceSet } from './types.js'
