export { type Backend, type BackendName, backendNames, selectBackend, type TensorFlow } from './backend.js'
export { type BalancedCell, EVEN_BALANCE } from './balance.js'
export type { Bounds, CellBounds } from './bounds.js'
export { type MetadataToSave, readCheckpoint, readMetadata, saveCheckpoint } from './checkpoint.js'
export {
  BackendUnavailableError,
  CheckpointError,
  CheckpointMismatchError,
  FeatureMismatchError,
} from './errors.js'
export { cellAt, cellCount, cellOf, checkGrid, positionOf } from './grid.js'
export { CHECKPOINT_FORMAT, type TunerMetadata } from './metadata.js'
export { shippedTuners } from './shipped.js'
export { type LoadTunerOptions, loadTuner, type PredictOptions, Tuner, type TunerConfiguration } from './tuner.js'
export type { Cell, Grid, GridPosition } from './types.js'
