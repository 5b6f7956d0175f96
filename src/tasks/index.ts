export { TaskNotFoundError } from './errors.js'
export { type JsonlRow, type ReadJsonlOptions, readJsonl } from './jsonl.js'
export { embeddedTaskNames, openTask, SPLIT_NAMES } from './task.js'
export type { BleuTokenizer, Example, QualityMetric, SplitName, Task, TaskDefinition } from './types.js'
