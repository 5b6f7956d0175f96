export { DATASET_NAMES, type DatasetTask, openDataset } from './dataset-task.js'
export { templateText } from './datasets/index.js'
export { TaskNotFoundError } from './errors.js'
export { type JsonlRow, type ReadJsonlOptions, readJsonl } from './jsonl.js'
export type { Scanned } from './scan.js'
export { SPLIT_NAMES } from './split.js'
export { embeddedTaskNames, openTask } from './task.js'
export type {
  BleuTokenizer,
  Example,
  GenericFields,
  QualityMetric,
  SplitName,
  Task,
  TaskDefinition,
  TaskOptions,
} from './types.js'
