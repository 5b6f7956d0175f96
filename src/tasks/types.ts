import type { BleuTokenizer } from '../metrics/types.js'

/** One prompt with what its answers are judged by. */
export interface Example {
  /** Unique within its split. */
  id: string
  /** The rendered prompt, as the language model sees it. */
  prompt: string
  /** The prompt without its source (evidence), for strategies that compare the two (KLD). */
  promptWithoutSource: string
  /** At least one reference answer. */
  references: string[]
}

/** The quality metric of a task, 0–100. */
export type QualityMetric = 'rougeL' | 'bleu'

export type { BleuTokenizer }

/** What a task folder's `task.json` says. */
export interface TaskDefinition {
  name: string
  description: string
  /** Prompt template with `{field}` placeholders, e.g. `Summarize: {source}\nSummary:`. */
  template: string
  metric: QualityMetric
  /** BLEU's tokenizer, also used for Self-BLEU. @default '13a' */
  tokenize: BleuTokenizer
  /** Length limit of an answer in tokens. */
  maxNewTokens: number
  /** Strings that end an answer; they are not part of it. */
  stop: string[]
}

export type SplitName = 'train' | 'validation' | 'test'

/** A task: its definition and a way to read its splits. */
export interface Task {
  definition: TaskDefinition
  /** Folder that the task was read from. */
  path: string
  /**
   * Reads one split.
   * @param limit at most this many examples, from the start of the file
   * @throws {DataFileError} naming file, line and field of the first bad row
   */
  examples(split: SplitName, limit?: number): Promise<Example[]>
}
