export { DATASET_NAMES, type DatasetTask, openDataset } from './dataset-task.js'
export { templateText } from './datasets/index.js'
export { TaskNotFoundError } from './errors.js'
export { type JsonlRow, type ReadJsonlOptions, readJsonl } from './jsonl.js'
export { SPLIT_NAMES } from './split.js'
export { type DataSummary, type SummaryOptions, summarizeTask, type TextLengths } from './summary.js'
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
